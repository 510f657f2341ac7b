import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { idOf, tableOf } from "../../api/tables";
import type { Listed, RunReport, TableName } from "../../bindings";
import { CopyButton } from "../../components/clipboard";
import { UsedBy, Uses } from "../../components/detail/Relations";
import { Panel } from "../../components/Panel";
import { PathText } from "../../components/PathText";
import { RowLink } from "../../components/RowLink";

/** The rows that a run used, and the rows that refer to its job. */
export function UsesPanel({ report, table }: { report: RunReport; table: TableName }) {
  const job = report.jobs[0];
  if (!job) {
    return (
      <Panel title="Uses">
        <Text size="sm" c="dimmed">
          The job of this run was deleted. Its settings show what the run used.
        </Text>
      </Panel>
    );
  }
  return (
    <>
      <Panel
        title="Uses"
        action={
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link to="/lineage/$table/$id" params={{ table, id: idOf(job) }} {...props} />
            )}
          >
            Lineage
          </Anchor>
        }
      >
        <Uses table={tableOf(table)} listed={job} />
      </Panel>
      <Panel title="Used by">
        <UsedBy table={table} id={idOf(job)} />
      </Panel>
    </>
  );
}

/** The row that a column of the job refers to. */
export function linkOf(job: Listed | undefined, column: string) {
  return job?.links.find((link) => link.column === column && link.label !== null);
}

/** A link within a sentence. It is underlined, since color alone does not mark it. */
export function JobLink({ job, column }: { job: Listed; column: string }) {
  const link = linkOf(job, column);
  if (!link) return null;
  return (
    <RowLink table={link.table} id={link.id} inherit underline="always">
      {link.label}
    </RowLink>
  );
}

/** A path, truncated for display, with a button that copies all of it. */
export function Place({ path, what }: { path: string; what: string }) {
  return (
    <span style={{ display: "flex", gap: 4, alignItems: "center", minWidth: 0 }}>
      <span style={{ minWidth: 0, flex: 1 }}>
        <PathText path={path} />
      </span>
      <CopyButton value={path} what={what} />
    </span>
  );
}
