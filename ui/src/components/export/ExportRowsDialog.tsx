import { Button, Checkbox, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { exportRows } from "../../api/snapshots";
import { useWorkspace } from "../../api/store";
import { tableOf } from "../../api/tables";
import { useTask } from "../../api/useTask";
import type { Exported, RowsForm, TableName } from "../../bindings";
import { counted } from "../../format/texts";
import { pickSavePath } from "../../platform";
import { Refusal } from "../Refusal";
import { WorkProgress } from "../WorkProgress";
import { exportName, snapshotEnding } from "./exportName";
import { exportSummary } from "./exportSummary";

type Props = { table: TableName; ids: string[]; onClose: () => void };

/** Exports rows of a table to a new file. */
export function ExportRowsDialog({ table, ids, onClose }: Props) {
  const description = tableOf(table);
  const { data: workspace } = useWorkspace();
  const { state, run, cancel } = useTask<Exported>();
  const [form, setForm] = useState<RowsForm["form"]>("json");
  const [withReferences, setWithReferences] = useState(true);
  const refers = description.columns.some(({ kind }) => kind.is === "reference");
  const exporting = state.status === "running";

  const start = async () => {
    const name = exportName(
      `${workspace?.name ?? "studio"}-${description.plural.replaceAll(" ", "-")}`,
      form === "csv" ? form : snapshotEnding(form),
    );
    const path = await pickSavePath(name, [{ name: form.toUpperCase(), extensions: [form] }]);
    if (!path) return;
    const asked: RowsForm = form === "csv" ? { form } : { form, with_references: refers && withReferences };
    const exported = await run(exportRows(path, table, ids, asked));
    if (!exported) return;
    notifications.show({ color: "green", title: exportSummary(exported), message: exported.path });
    onClose();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={`Export ${counted(ids.length, description)}`}
      size={440}
      closeOnClickOutside={!exporting}
      closeOnEscape={!exporting}
      withCloseButton={!exporting}
    >
      <Stack gap={16}>
        {state.status === "failed" && <Refusal error={state.error} />}
        {state.status === "cancelled" && (
          <Text size="sm" role="status">
            The export was stopped. No file was written.
          </Text>
        )}
        <Radio.Group
          label="Format"
          value={form}
          onChange={(value) => setForm(value === "csv" ? "csv" : "json")}
        >
          <Stack gap={12} mt={8}>
            <Radio
              value="json"
              label="JSON"
              description="A snapshot of these rows that can be imported."
              disabled={exporting}
              data-autofocus
            />
            <Radio
              value="csv"
              label="CSV"
              description={`The columns of the ${description.plural}, for a spreadsheet.`}
              disabled={exporting}
            />
          </Stack>
        </Radio.Group>
        {refers && (
          <Checkbox
            label="With the rows they refer to"
            description="No reference is missing where they are imported."
            checked={form === "json" && withReferences}
            disabled={form === "csv" || exporting}
            onChange={(event) => setWithReferences(event.currentTarget.checked)}
          />
        )}
        {exporting ? (
          <WorkProgress
            label="Exporting"
            progress={state.progress}
            verb="written"
            stopLabel="Stop exporting"
            stopping={state.cancelling}
            onStop={cancel}
          />
        ) : (
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button onClick={start}>Export…</Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
