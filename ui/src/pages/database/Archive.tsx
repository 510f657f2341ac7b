import { Button } from "@mantine/core";
import { useWorkspace } from "../../api/store";
import { Panel } from "../../components/Panel";
import { useDialogs } from "../../components/useDialogs";

/** Opens the export of the whole workspace with its files. */
export function Archive() {
  const { data: workspace } = useWorkspace();
  const dialogs = useDialogs();
  return (
    <Panel
      title="Archive"
      about="Writes the rows of this workspace with their dataset files and adapters to one file for another machine, where it is imported like a snapshot."
    >
      <Button onClick={() => dialogs.exportArchive(null)} disabled={!workspace}>
        Export as archive…
      </Button>
    </Panel>
  );
}
