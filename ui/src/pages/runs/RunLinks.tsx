import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { idOf, tableOf } from "../../api/tables";
import type { Listed, RunReport, TableName } from "../../bindings";
import { CopyButton } from "../../components/clipboard";
import { UsedBy, Uses } from "../../components/detail/Relations";
import { Panel } from "../../components/Panel";
import { PathText } from "../../components/PathText";
import { RowLink } from "../../components/RowLink";

/** The rows a run was made of, and what refers to its job now. */
export function UsesPanel({ report, table }: { report: RunReport; table: TableName }) {
  const job = report.jobs[0];
  if (!job) {
    return (
      <Panel title="Uses">
        <Text size="sm" c="dimmed">
          The job of this run was deleted. What it was made of stands in its settings.
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

/** The row a column of the job refers to, if it does. */
export function linkOf(job: Listed | undefined, column: string) {
  return job?.links.find((link) => link.column === column && link.label !== null);
}

/** Within a sentence, so not told by its colour alone. */
export function JobLink({ job, column }: { job: Listed; column: string }) {
  const link = linkOf(job, column);
  if (!link) return null;
  return (
    <RowLink table={link.table} id={link.id} inherit underline="always">
      {link.label}
    </RowLink>
  );
}

/** A place on this computer, short enough to read and whole when copied. */
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
