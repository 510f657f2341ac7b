import { Text } from "@mantine/core";
import type { RunSummary } from "../../bindings";
import { formatMeasure } from "../../format/numbers";
import { ProgressBar } from "../ProgressBar";
import { goingThere, silence } from "./elsewhere";
import css from "./Runs.module.css";
import { progressLabel } from "./runLabels";

/** The progress of a run: a bar, its steps or rows, the estimate of its time and the last loss. */
export function RunBar({ summary }: { summary: Omit<RunSummary, "jobs"> }) {
  const { run, loss, elsewhere } = summary;
  const going = elsewhere && goingThere(elsewhere);
  const silent = elsewhere && silence(elsewhere);
  const { done, total } = going ?? summary;
  return (
    <div className={css.progress}>
      <ProgressBar label={`Progress of ${run.name}`} done={done} total={total} indeterminateColor="gray" />
      <Text size="sm" component="div" className={`tabular ${css.facts}`}>
        {silent && (
          <Text span inherit c="var(--warning)">
            {silent}
            {". "}
          </Text>
        )}
        {going ? <span>{going.text}</span> : <Worked summary={summary} />}
        {!going && loss !== null && run.kind === "training" && (
          <Text span inherit c="dimmed">
            {" "}
            · loss {formatMeasure(loss)}
          </Text>
        )}
      </Text>
    </div>
  );
}

function Worked({ summary }: { summary: Omit<RunSummary, "jobs"> }) {
  const { run, total, estimate, message } = summary;
  return (
    <>
      <span>
        {run.kind === "export" && total !== null && message && `${message}: `}
        {total === null && message ? message : progressLabel(summary)}
      </span>
      {estimate !== null && <span>, {estimate}</span>}
    </>
  );
}
