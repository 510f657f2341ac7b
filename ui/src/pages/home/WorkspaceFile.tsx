import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Workspace } from "../../bindings";
import { Panel } from "../../components/Panel";
import { formatBytes } from "../../format/numbers";

/** The workspace's file and its size. */
export function WorkspaceFile({ workspace }: { workspace: Workspace }) {
  return (
    <Panel title="This workspace" about={`${workspace.name}, ${formatBytes(workspace.size_bytes)} on disk`}>
      <Text size="xs" className="selectable" style={{ overflowWrap: "anywhere" }} mb={8}>
        {workspace.path}
      </Text>
      <Anchor size="sm" renderRoot={(props) => <Link to="/database" {...props} />}>
        Export or check it
      </Anchor>
    </Panel>
  );
}
