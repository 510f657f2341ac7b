import { Alert, Button, Radio, SimpleGrid, Text } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import { useState } from "react";
import { useWorkspace } from "../../api/store";
import { tableOf } from "../../api/tables";
import type { TaskState } from "../../api/useTask";
import { type Exported, type ExportFormat, TABLES, type TableName } from "../../bindings";
import { exportName, snapshotEnding } from "../../components/export/exportName";
import { exportSummary } from "../../components/export/exportSummary";
import { Panel } from "../../components/Panel";
import { Refusal } from "../../components/Refusal";
import { WorkProgress } from "../../components/WorkProgress";
import { counted } from "../../format/texts";
import { pickSavePath } from "../../platform";
import { TableChoice } from "./TableChoice";
import { useDatabaseWork } from "./useDatabaseWork";

const formats: { value: ExportFormat; label: string; about: string; kind: string }[] = [
  {
    value: "json",
    label: "JSON",
    about: "All rows as text for people and programs.",
    kind: "JSON",
  },
  {
    value: "sqlite",
    label: "SQLite",
    about: "A copy of the database that opens as a workspace.",
    kind: "SQLite database",
  },
];

const all = TABLES.map(({ name }) => name);

/** Exports all tables or some of them to one new file. */
export function Export() {
  const { data: workspace } = useWorkspace();
  const { exporting: state, startExport, stopExport } = useDatabaseWork();
  const [format, setFormat] = useState<ExportFormat>("json");
  const [tables, setTables] = useState<TableName[]>(all);
  const exporting = state.status === "running";

  async function start() {
    if (!workspace) return;
    const kind = formats.find(({ value }) => value === format)?.kind ?? "";
    const path = await pickSavePath(exportName(workspace.name, snapshotEnding(format)), [
      { name: kind, extensions: [format] },
    ]);
    if (path) await startExport(path, format, tables.length === all.length ? null : tables);
  }

  return (
    <Panel
      title="Export"
      about="Writes the rows of this workspace to one new file. The files of datasets and models are not copied."
    >
      <Radio.Group
        value={format}
        onChange={(value) => setFormat(value as ExportFormat)}
        label="Format"
        mb={16}
      >
        <SimpleGrid cols={2} spacing={24} mt={8}>
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
        </SimpleGrid>
      </Radio.Group>
      <TableChoice
        counts={workspace?.counts ?? []}
        chosen={tables}
        onChange={setTables}
        disabled={exporting}
      />
      {exporting ? (
        <WorkProgress
          label="Exporting"
          progress={state.progress}
          verb="written"
          stopLabel="Stop exporting"
          stopping={state.cancelling}
          onStop={stopExport}
        />
      ) : (
        <Button onClick={start} disabled={!workspace || tables.length === 0}>
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
  const { path, rows } = state.result;
  return (
    <Alert
      variant="default"
      icon={<IconCircleCheckFilled color="var(--mantine-color-teal-6)" />}
      title={exportSummary(state.result)}
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
