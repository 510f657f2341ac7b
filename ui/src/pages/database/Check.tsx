import { Anchor, Button, Group, Loader, Text } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { toAppError } from "../../api/errors";
import { useCheck } from "../../api/store";
import { tableOf } from "../../api/tables";
import type { Finding } from "../../bindings";
import { isFocusLost } from "../../components/focus";
import { Panel } from "../../components/Panel";
import { Refusal } from "../../components/Refusal";
import { RowLink } from "../../components/RowLink";
import { Severity } from "../../components/Severity";
import { formatNumber } from "../../format/numbers";
import { plural } from "../../format/texts";
import css from "./Database.module.css";
import { FindingFix } from "./FindingFix";

/** Findings shown at most. */
const listed = 200;

/** Checks the database file, and links to each row with a finding. */
export function Check() {
  const { data: findings, error, isFetching, refetch } = useCheck();
  const list = useRef<HTMLDivElement>(null);
  const keepFocus = () => {
    if (isFocusLost()) list.current?.focus({ preventScroll: true });
  };
  return (
    <Panel
      title="Check"
      about="Looks for damage, references to missing rows, missing files, and unreadable texts."
      action={
        <Button variant="default" onClick={() => refetch()} loading={isFetching}>
          Check again
        </Button>
      }
    >
      {error && <Refusal error={toAppError(error)} />}
      {!error && !findings && (
        <Group gap="xs">
          <Loader size="xs" />
          <Text size="sm">Checking</Text>
        </Group>
      )}
      {findings && (
        <div ref={list} tabIndex={-1} className={css.quietFocus}>
          <Findings findings={findings} onFixed={keepFocus} />
        </div>
      )}
    </Panel>
  );
}

function Findings({ findings, onFixed }: { findings: Finding[]; onFixed: () => void }) {
  const worstFirst = [
    ...findings.filter(({ severity }) => severity === "error"),
    ...findings.filter(({ severity }) => severity === "warning"),
  ];
  if (findings.length === 0) {
    return (
      <Group gap="xs" role="status">
        <IconCircleCheckFilled size={20} color="var(--mantine-color-teal-6)" aria-hidden />
        <Text size="sm">No problems found. Nothing is damaged and every reference leads to a row.</Text>
      </Group>
    );
  }
  return (
    <>
      <Text size="sm" fw={500} role="status" mb={8}>
        {summary(findings)}
      </Text>
      <ul className={css.findings} aria-label="Findings">
        {worstFirst.slice(0, listed).map((finding) => (
          <li
            key={`${finding.table} ${finding.id} ${finding.column} ${finding.message}`}
            className={css.finding}
          >
            <Severity severity={finding.severity} />
            <span className="selectable">{finding.message}</span>
            <FindingFix finding={finding} onFixed={onFixed} />
            <Way finding={finding} />
          </li>
        ))}
      </ul>
      {findings.length > listed && (
        <Text size="sm" c="dimmed" mt={8}>
          The first {listed} of {formatNumber(findings.length)} findings are shown.
        </Text>
      )}
    </>
  );
}

/** A link to the row of a finding, or to its table. */
function Way({ finding: { table, id } }: { finding: Finding }) {
  if (!table) return null;
  if (!id) {
    return (
      <Anchor
        size="sm"
        renderRoot={(props) => <Link to="/$table" params={{ table }} {...props} />}
      >{`Open ${tableOf(table).title}`}</Anchor>
    );
  }
  return (
    <RowLink table={table} id={id} size="sm">
      Open {tableOf(table).singular}
    </RowLink>
  );
}

function summary(findings: Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const said = [errors > 0 && plural(errors, "error"), warnings > 0 && plural(warnings, "warning")];
  return said.filter(Boolean).join(" and ");
}
