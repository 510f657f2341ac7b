import { useWorkspace } from "../../api/store";
import { tableOf } from "../../api/tables";
import { CopyButton } from "../../components/clipboard";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";
import { formatBytes, formatNumber } from "../../format/numbers";

export function AboutFile() {
  const { data: workspace } = useWorkspace();
  if (!workspace) return null;
  const { path } = workspace;
  return (
    <Panel title="About this file" action={<CopyButton value={path} what="path" />}>
      <Facts
        facts={[
          { name: "Path", value: path },
          { name: "Size", value: formatBytes(workspace.size_bytes) },
          ...workspace.counts.map(({ table, rows }) => ({
            name: tableOf(table).title,
            value: formatNumber(rows),
          })),
        ]}
      />
    </Panel>
  );
}
