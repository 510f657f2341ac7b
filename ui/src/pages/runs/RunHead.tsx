import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { isGoing } from "../../api/runs";
import type { Elsewhere, Run, RunProgress, RunReport, RunSummary, Transfer } from "../../bindings";
import { RunBar } from "../../components/runs/RunBar";
import { StateBadge } from "../../components/runs/StateBadge";
import { useElapsed } from "../../components/runs/useElapsed";
import { TransferActions } from "../../components/transfers/TransferActions";
import { TransferBar } from "../../components/transfers/TransferBar";
import { formatDuration } from "../../format/times";
import { ElsewhereNotes } from "./ElsewhereNotes";
import css from "./Runs.module.css";

type Props = { report: RunReport; summary: Omit<RunSummary, "jobs"> };

/** The state, progress and outcome of a run. Screen readers announce changes of the state, not every step. */
export function RunHead({ report: { run, account, transfers, elsewhere }, summary }: Props) {
  const took = useElapsed(run);
  const bad = run.state === "failed" || run.state === "lost";
  return (
    <Stack gap={8} className={css.head}>
      <Group gap={12} wrap="nowrap">
        <div role="status">
          <StateBadge state={run.state} />
        </div>
        {isGoing(run) && (
          <div style={{ flex: 1, minWidth: 0 }}>
            <RunBar summary={summary} />
          </div>
        )}
        {run.state === "queued" && (
          <Text size="sm" c="dimmed">
            It starts when its turn comes.
          </Text>
        )}
        {took !== null && (
          <Text size="sm" c="dimmed" className="tabular" style={{ whiteSpace: "nowrap" }}>
            {run.ended_at ? "Took" : "For"} {formatDuration(took)}
            {run.attempt > 1 && `, attempt ${run.attempt}`}
          </Text>
        )}
      </Group>
      {isGoing(run) &&
        transfers
          .filter(({ state }) => state !== "done")
          .map((transfer) => <RunFetch key={transfer.id} transfer={transfer} />)}
      {elsewhere && <ElsewhereNotes run={run} there={elsewhere} />}
      {bad && (
        <Alert
          color="red"
          variant="light"
          role="alert"
          icon={<IconAlertTriangle size={18} stroke={1.6} />}
          title={run.note}
        >
          {run.hint}
        </Alert>
      )}
      {!bad && (run.note || run.hint) && (
        <Text size="sm" role="status">
          {run.note} {run.hint}
        </Text>
      )}
      {account.notes.map(({ warning, text }) => (
        <Text key={text} size="sm" c={warning ? "var(--warning)" : "dimmed"}>
          {warning ? "Warning: " : ""}
          {text}
        </Text>
      ))}
    </Stack>
  );
}

/** What is fetched before a run begins. */
function RunFetch({ transfer }: { transfer: Transfer }) {
  return (
    <div className={css.fetch}>
      <Text size="sm" className={css.fetchName} title={transfer.name}>
        {transfer.name}
      </Text>
      <TransferBar transfer={transfer} />
      <TransferActions transfer={transfer} />
    </div>
  );
}

/** The summary of a run, as lists have it, from its report. */
export function summaryOf({ run, account, transfers, elsewhere }: RunReport): Omit<RunSummary, "jobs"> {
  if (run.kind === "export") return exportSummary(run, account, elsewhere);
  const training = run.kind === "training";
  const rows = account.combinations;
  const known = rows.find(({ total }) => total !== null)?.total ?? null;
  return {
    run,
    done: training ? account.step : rows.reduce((sum, { done }) => sum + done, 0),
    total: training ? account.max_steps : known === null ? null : known * Math.max(rows.length, 1),
    seconds_left: run.state === "running" ? account.seconds_left : null,
    estimate: run.state === "running" ? account.estimate : null,
    message: isGoing(run) && transfers.length > 0 ? "Fetching what it needs" : account.message,
    unit: training ? "step" : "row",
    loss: account.series.find(({ name }) => name === "loss")?.points.at(-1)?.value ?? null,
    elsewhere,
  };
}

function exportSummary(
  run: Run,
  { work, message }: RunProgress,
  elsewhere: Elsewhere | null,
): Omit<RunSummary, "jobs"> {
  return {
    run,
    done: work?.done ?? 0,
    total: work?.total ?? null,
    unit: work?.unit ?? "bytes",
    seconds_left: null,
    estimate: null,
    message,
    loss: null,
    elsewhere,
  };
}
