import { Alert, Button, Center, Group, Loader, Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { relocateDataset } from "../../../api/datasetFiles";
import { useStoreChanged } from "../../../api/store";
import { useTask } from "../../../api/useTask";
import type { FileState, Relocated } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { WorkProgress } from "../../../components/WorkProgress";
import { FileHead } from "../import/FileHead";
import css from "../import/FileImport.module.css";
import { type FileRead, FileReview } from "../import/FileReview";
import { enqueue } from "../import/queue";
import { useFileReading } from "../import/useFileReading";
import tall from "../TallDialog.module.css";
import { readAnewNotice } from "./fileCondition";

type Props = { id: string; label: string; state: FileState; onClose: () => void };

/** Changes how the file of a dataset is read. Its rows are shown as they will be read, before that is saved. */
export function ReadingDialog({ id, label, state, onClose }: Props) {
  const { path } = state;
  const { stamp, type, options, source, preview, error, choices, changed } = useFileReading(path, id);
  const [reads, setReads] = useState(0);
  const saving = useTask<Relocated>();
  const storeChanged = useStoreChanged();
  const busy = saving.state.status === "running";

  async function save(rows: number) {
    const done = await saving.run(relocateDataset(id, path, options));
    if (!done) return;
    await storeChanged();
    const { title, about } = readAnewNotice(done, rows);
    notifications.show({
      color: done.columns_changed ? "yellow" : "green",
      title,
      message: about,
      autoClose: 12_000,
    });
    onClose();
  }

  const foot = (read?: FileRead) => (
    <div className={css.foot}>
      {saving.state.status === "failed" && <Refusal error={saving.state.error} mb="sm" />}
      {saving.state.status === "running" ? (
        <WorkProgress
          label="Reading the file"
          verb="read"
          progress={saving.state.progress}
          stopLabel="Stop"
          stopping={saving.state.cancelling}
          onStop={saving.cancel}
        />
      ) : (
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <Text size="sm" c={read?.errors ? "var(--mantine-color-error)" : "dimmed"} role="status">
            {obstacle(changed, read)}
          </Text>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={!changed || !read?.scan || read.errors > 0}
            onClick={() => read?.scan && void save(read.scan.rows)}
          >
            Save
          </Button>
        </Group>
      )}
    </div>
  );

  return (
    <Modal
      opened
      onClose={onClose}
      title={`How ${label} is read`}
      size={1120}
      centered
      closeOnClickOutside={false}
      closeOnEscape={!busy}
      withCloseButton={!busy}
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{ content: tall.content, body: tall.body }}
    >
      <div className={css.body}>
        <FileHead path={path} type={type} preview={preview} />
        {choices}
        {state.condition === "changed" && (
          <Alert color="yellow" variant="light">
            The file has changed since it was read. Saving also accepts it as it is now.
          </Alert>
        )}
        {error && (
          <>
            <Refusal error={error} />
            <div style={{ marginTop: "auto" }}>{foot()}</div>
          </>
        )}
        {!error && !preview && (
          <Center flex={1}>
            <Loader size="sm" aria-label="Opening the file" />
          </Center>
        )}
        {preview && (
          <FileReview
            // What is read in another way is another file.
            key={`${reads} ${JSON.stringify(options)}`}
            path={path}
            source={source}
            options={options}
            stamp={stamp}
            preview={preview}
            onReadAgain={() => setReads(reads + 1)}
            onImport={(made) => {
              onClose();
              enqueue([made]);
            }}
            foot={foot}
          />
        )}
      </div>
    </Modal>
  );
}

/** The reason why the Save button is disabled; what saving does if it is not. */
function obstacle(changed: boolean, read: FileRead | undefined): string {
  if (!read) return "Choose another way to read the file.";
  if (read.errors > 0) return "The file can't be read this way.";
  if (!changed) return "";
  return read.reading
    ? "You can save it once the file is fully read."
    : "Prompts and new runs will use the rows as shown.";
}
