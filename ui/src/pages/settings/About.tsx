import { useWorkspace } from "../../api/store";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";

export function About() {
  const { data: workspace } = useWorkspace();
  if (!workspace) return null;
  return (
    <Panel title="About Fine Tuning Studio">
      <Facts
        facts={[
          { name: "Version", value: workspace.version },
          { name: "Database", value: workspace.path },
          { name: "License", value: "Apache-2.0" },
        ]}
      />
    </Panel>
  );
}
