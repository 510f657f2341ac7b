import { useWorkspace } from "../../api/store";
import { VERSION } from "../../bindings";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";

export function About() {
  const { data: workspace } = useWorkspace();
  return (
    <Panel title="About Fine Tuning Studio">
      <Facts
        facts={[
          { name: "Version", value: VERSION },
          { name: "Database", value: workspace?.path ?? "No workspace is open" },
          { name: "License", value: "Apache-2.0" },
        ]}
      />
    </Panel>
  );
}
