import { Button, Checkbox, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useState } from "react";
import { archiveEnding, exportArchive, planArchive } from "../../api/archives";
import { useWorkspace } from "../../api/store";
import { tableOf } from "../../api/tables";
import { useTask } from "../../api/useTask";
import type {
  ArchivedRows,
  ArchiveExported,
  ArchivePlan,
  ArchiveProgress,
  ArchiveRequest,
} from "../../bindings";
import { formatBytes } from "../../format/numbers";
import { counted, joinAnd, plural } from "../../format/texts";
import { pickSavePath } from "../../platform";
import { exportName } from "../export/exportName";
import { Refusal } from "../Refusal";
import { ArchiveWork } from "./ArchiveWork";
import { LeftOutList } from "./LeftOutList";

type Props = {
  /** Null is every row of the workspace. */
  rows: ArchivedRows | null;
  onClose: () => void;
};

/** Writes rows with their files to a new archive, after its sizes are shown. */
export function ExportArchiveDialog({ rows, onClose }: Props) {
  const { data: workspace } = useWorkspace();
  const planning = useTask<ArchivePlan, ArchiveProgress>();
  const exporting = useTask<ArchiveExported, ArchiveProgress>();
  const [withModels, setWithModels] = useState(false);
  const [request, setRequest] = useState<ArchiveRequest>({ rows, with_models: false });
  const { run: plan, state: planned } = planning;
  const writing = exporting.state.status === "running";
  /** The chosen path, if the files may not fit there. */
  const [tight, setTight] = useState<{ path: string; free: number } | null>(null);

  useEffect(() => void plan(planArchive(request)), [plan, request]);

  const choose = (models: boolean) => {
    setTight(null);
    setWithModels(models);
    setRequest({ rows, with_models: models });
  };
  const save = async () => {
    const of = rows ? `-${tableOf(rows.table).plural.replaceAll(" ", "-")}` : "";
    const name = exportName(`${workspace?.name ?? "studio"}${of}`, archiveEnding);
    const path = await pickSavePath(name, [{ name: "Archive", extensions: ["zst"] }]);
    if (!path) return;
    const there = await plan(planArchive(request, path));
    const room = there?.free ?? null;
    if (there && (room === null || room >= there.bytes)) await write(path);
    else if (room !== null) setTight({ path, free: room });
  };
  const write = async (path: string) => {
    setTight(null);
    const exported = await exporting.run(exportArchive(path, request));
    if (!exported) return;
    const { files, bytes } = exported;
    const title = `Archived ${plural(files, "file")}, ${formatBytes(bytes)}`;
    notifications.show({ color: "green", title, message: exported.path });
    onClose();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={rows ? `Archive ${counted(rows.ids.length, tableOf(rows.table))}` : "Archive this workspace"}
      size={640}
      closeOnClickOutside={!writing}
      closeOnEscape={!writing}
      withCloseButton={!writing}
    >
      <Stack gap={16}>
        <Text size="sm" c="dimmed">
          One file with the rows and their dataset files and adapters, for another machine.
          {rows && " What the rows refer to goes with them."}
        </Text>
        <Checkbox
          label="With the folders of base models"
          description="Without them, the other machine needs its own copy of each model."
          checked={withModels}
          onChange={({ currentTarget: { checked } }) => choose(checked)}
          disabled={writing}
        />
        {planned.status === "running" && (
          <Group gap="xs">
            <Loader size="xs" />
            <Text size="sm">Looking at files</Text>
          </Group>
        )}
        {planned.status === "failed" && <Refusal error={planned.error} />}
        {planned.status === "done" && <Contents plan={planned.result} />}
        {tight && (
          <Text size="sm" c="var(--warning)" role="alert">
            Only {formatBytes(tight.free)} are free there. It fits if the files compress well.
          </Text>
        )}
        {exporting.state.status === "failed" && <Refusal error={exporting.state.error} />}
        {exporting.state.status === "cancelled" && (
          <Text size="sm" role="status">
            The export was stopped. No file was written.
          </Text>
        )}
        {exporting.state.status === "running" ? (
          <ArchiveWork
            label="Archiving"
            progress={exporting.state.progress}
            stopLabel="Stop archiving"
            stopping={exporting.state.cancelling}
            onStop={exporting.cancel}
          />
        ) : (
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            {tight && (
              <Button variant="default" onClick={() => write(tight.path)}>
                Save it there
              </Button>
            )}
            <Button onClick={save} disabled={planned.status !== "done"}>
              {tight ? "Choose another place…" : "Save archive…"}
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}

/** What an archive would hold. */
function Contents({ plan }: { plan: ArchivePlan }) {
  const rows = plan.tables
    .filter(({ rows }) => rows > 0)
    .map(({ table, rows }) => counted(rows, tableOf(table)));
  const size = plan.files === 0 ? "no files" : `${plural(plan.files, "file")}, ${formatBytes(plan.bytes)}`;
  return (
    <Stack gap={12}>
      <Text size="sm" role="status">
        {rows.length === 0 ? "No rows" : joinAnd(rows)}, with {size} before they are compressed.
      </Text>
      <LeftOutList leftOut={plan.left_out} />
    </Stack>
  );
}
