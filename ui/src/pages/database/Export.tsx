import { Alert, Button, Radio, Stack, Text } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import { useState } from "react";
import { useWorkspace } from "../../api/store";
import { counted, tableOf } from "../../api/tables";
import { type TaskState, useTask } from "../../api/useTask";
import { commands, type Exported, type ExportFormat } from "../../bindings";
import { Panel } from "../../components/Panel";
import { Refusal } from "../../components/Refusal";
import { WorkProgress } from "../../components/WorkProgress";
import { amount, bytes } from "../../components/words";
import { pickSavePath } from "../../platform";
import { exportName } from "./exportName";

const formats: { value: ExportFormat; label: string; about: string; kind: string }[] = [
  {
    value: "json",
    label: "JSON",
    about: "All rows as text that people and programs can read.",
    kind: "JSON",
  },
  {
    value: "sqlite",
    label: "SQLite",
    about: "A copy of the database that opens as a workspace.",
    kind: "SQLite database",
  },
];

/** Writes everything to one new file. */
export function Export() {
  const { data: workspace } = useWorkspace();
  const [format, setFormat] = useState<ExportFormat>("json");
  const { state, run, cancel } = useTask<Exported>();
  const exporting = state.status === "running";

  async function start() {
    if (!workspace) return;
    const kind = formats.find(({ value }) => value === format)?.kind ?? "";
    const path = await pickSavePath(exportName(workspace.name, format), [
      { name: kind, extensions: [format] },
    ]);
    if (path) await run((task, onProgress) => commands.exportDatabase(path, format, null, task, onProgress));
  }

  return (
    <Panel
      title="Export"
      about="Everything in this workspace, in one new file. The files that datasets and models point to are not copied."
    >
      <Radio.Group
        value={format}
        onChange={(value) => setFormat(value as ExportFormat)}
        aria-label="Format"
        mb={16}
      >
        <Stack gap={8}>
          {formats.map(({ value, label, about }) => (
            <Radio
              key={value}
              value={value}
              label={label}
              description={about}
              disabled={exporting}
              styles={{ description: { fontSize: "var(--mantine-font-size-xs)" } }}
            />
          ))}
        </Stack>
      </Radio.Group>
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
        <Button onClick={start} disabled={!workspace}>
          Export
        </Button>
      )}
      <Outcome state={state} />
    </Panel>
  );
}

function Outcome({ state }: { state: TaskState<Exported> }) {
  if (state.status === "failed") return <Refusal error={state.error} mt={16} />;
  if (state.status === "cancelled") {
    return (
      <Text size="sm" mt={16} role="status">
        The export was stopped. No file was written.
      </Text>
    );
  }
  if (state.status !== "done") return null;
  const { path, bytes: size, rows } = state.result;
  const total = rows.reduce((sum, table) => sum + table.rows, 0);
  return (
    <Alert
      variant="default"
      icon={<IconCircleCheckFilled color="var(--mantine-color-teal-6)" />}
      title={`Exported ${amount(total)} ${total === 1 ? "row" : "rows"}, ${bytes(size)}`}
      role="status"
      mt={16}
    >
      <Text size="sm" className="selectable" style={{ overflowWrap: "anywhere" }}>
        {path}
      </Text>
      <Text size="sm" c="dimmed">
        {rows.map(({ table, rows }) => counted(rows, tableOf(table))).join(", ")}
      </Text>
    </Alert>
  );
}
