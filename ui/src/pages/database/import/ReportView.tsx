import { Alert, Anchor, Button, Group, Table, Text } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ImportReport, type PlacedFolder, TABLES } from "../../../bindings";
import { PathText } from "../../../components/PathText";
import { formatBytes } from "../../../format/numbers";
import { plural } from "../../../format/texts";
import { useDatabaseWork } from "../useDatabaseWork";
import css from "./Import.module.css";
import { Count } from "./PlanCells";
import { Problems } from "./Problems";
import { SkippedParts } from "./SkippedParts";

type Props = {
  report: ImportReport;
  /** The folders that were written from an archive. */
  placed: PlacedFolder[];
  onClose: () => void;
};

/** The result of an import, with a button to undo it. */
export function ReportView({ report, placed, onClose }: Props) {
  const { restore } = useDatabaseWork();
  const lines = TABLES.map((table) => ({ table, done: report.tables[table.name] }));
  const sum = (what: "added" | "replaced") =>
    lines.reduce((total, { done }) => total + (done?.[what] ?? 0), 0);
  const replaced = sum("replaced");

  const undo = () => {
    onClose();
    restore({ id: report.backup.id, doneTitle: "The import was undone" });
  };

  return (
    <div className={css.parts}>
      <Alert
        variant="default"
        role="status"
        icon={<IconCircleCheckFilled color="var(--mantine-color-teal-6)" />}
        title={`${plural(sum("added"), "row")} added${replaced > 0 ? `, ${plural(replaced, "row")} replaced` : ""}`}
      >
        <Group justify="space-between">
          <Text size="sm">The state before is kept as a backup.</Text>
          <Button variant="default" onClick={undo}>
            Undo the import
          </Button>
        </Group>
      </Alert>
      <Table verticalSpacing={6} className={css.plan} aria-label="What the import did">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Resource</Table.Th>
            <Table.Th className={css.number}>Added</Table.Th>
            <Table.Th className={css.number}>Replaced</Table.Th>
            <Table.Th className={css.number}>Kept as stored</Table.Th>
            <Table.Th className={css.number}>Same</Table.Th>
            <Table.Th className={css.number}>Left out</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ table, done }) => (
            <Table.Tr key={table.name}>
              <Table.Th scope="row">{table.title}</Table.Th>
              <Count value={done?.added ?? 0} />
              <Count value={done?.replaced ?? 0} />
              <Count value={(done?.conflicting ?? 0) - (done?.replaced ?? 0)} />
              <Count value={done?.same ?? 0} />
              <Count value={done?.invalid ?? 0} tone="error" />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {report.targets.added > 0 && (
        <Text size="sm">
          {plural(report.targets.added, "compute target was", "compute targets were")} added. Look at the
          settings on the page{" "}
          <Anchor inherit underline="always" renderRoot={(props) => <Link to="/compute" {...props} />}>
            Compute
          </Anchor>{" "}
          and confirm them before runs start there.
        </Text>
      )}
      {placed.length > 0 && (
        <section aria-label="Written files">
          <Text size="sm" fw={500} mb={4}>
            Written files
          </Text>
          {placed.map(({ path, files, bytes }) => (
            <Group key={path} gap={8} wrap="nowrap">
              <Text size="sm" component="div" className={css.to}>
                <PathText path={path} />
              </Text>
              <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                {plural(files, "file")}, {formatBytes(bytes)}
              </Text>
            </Group>
          ))}
          <Text size="sm" c="dimmed" mt={4}>
            They stay there if the import is undone.
          </Text>
        </section>
      )}
      {report.left_out_count > 0 && (
        <Problems title="Left out" problems={report.left_out} count={report.left_out_count} />
      )}
      {report.warning_count > 0 && (
        <Problems title="Imported as they are" problems={report.warnings} count={report.warning_count} />
      )}
      <SkippedParts skipped={report.skipped} />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </div>
  );
}
