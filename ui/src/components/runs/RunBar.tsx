import { Text } from "@mantine/core";
import type { RunSummary } from "../../bindings";
import { formatMeasure } from "../../format/numbers";
import { ProgressBar } from "../ProgressBar";
import css from "./Runs.module.css";
import { progressLabel } from "./runLabels";

/** The progress of a run: a bar, its steps or rows, the estimate of its time and the last loss. */
export function RunBar({ summary }: { summary: Omit<RunSummary, "jobs"> }) {
  const { run, total, estimate, loss, message } = summary;
  return (
    <div className={css.progress}>
      <ProgressBar
        label={`Progress of ${run.name}`}
        done={summary.done}
        total={total}
        indeterminateColor="gray"
      />
      <Text size="sm" component="div" className={`tabular ${css.facts}`}>
        <span>
          {run.kind === "export" && total !== null && message && `${message}: `}
          {total === null && message ? message : progressLabel(summary)}
        </span>
        {estimate !== null && <span>, {estimate}</span>}
        {loss !== null && run.kind === "training" && (
          <Text span inherit c="dimmed">
            {" "}
            · loss {formatMeasure(loss)}
          </Text>
        )}
      </Text>
    </div>
  );
}
