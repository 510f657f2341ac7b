import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useRunOfJob, useRunReport } from "../../api/runs";
import { stateLabels } from "../../components/runs/runLabels";
import { StateBadge } from "../../components/runs/StateBadge";
import { formatMeasure, formatPercent } from "../../format/numbers";

/** The state of a job's run, with a link to it. Empty for a record without a run on this machine. */
export function StateCell({ job }: { job: string }) {
  const summary = useRunOfJob(job);
  if (!summary) return null;
  return (
    <Anchor
      underline="never"
      aria-label={`${stateLabels[summary.run.state]}: open the run of ${summary.run.name}`}
      renderRoot={(props) => (
        <Link
          to="/runs/$id"
          params={{ id: summary.run.id }}
          {...props}
          onClick={(event) => event.stopPropagation()}
        />
      )}
    >
      <StateBadge state={summary.run.state} />
    </Anchor>
  );
}

export function LossCell({ job }: { job: string }) {
  const loss = useRunOfJob(job)?.loss;
  return loss == null ? null : <span className="tabular">{formatMeasure(loss)}</span>;
}

/** The shares of rows that are right, the first that an evaluation has is shown: answered exactly as expected, or
 * with the preferred answer ahead. */
const shares = ["exact_match/v1", "rewards/accuracies", "logps/accuracies"];

/** The share of rows that a model has right. */
export function RightCell({ job }: { job: string }) {
  const run = useRunOfJob(job)?.run;
  const report = useRunReport(run?.id ?? "", run !== undefined && run.state !== "queued").data;
  const metrics = report?.account.combinations.find((combination) => combination.job === job)?.metrics;
  const value = shares.map((name) => metrics?.[name]).find((share) => typeof share === "number");
  return typeof value === "number" ? <span className="tabular">{formatPercent(value)}</span> : null;
}
