import type { RunState, RunSummary } from "../../bindings";
import { formatNumber } from "../../format/numbers";
import { capitalize, plural } from "../../format/texts";

export const stateLabels: Record<RunState, string> = {
  queued: "Waiting",
  preparing: "Preparing",
  running: "Running",
  stopping: "Stopping",
  succeeded: "Succeeded",
  failed: "Failed",
  stopped: "Stopped",
  lost: "Lost",
};

/** "Step 40 of 120"; "40 steps" while the total is unknown. */
export function progressLabel({ run, done, total }: Pick<RunSummary, "run" | "done" | "total">): string {
  const unit = run.kind === "training" ? "step" : "row";
  if (total === null) return plural(done, unit);
  return `${capitalize(unit)} ${formatNumber(done)} of ${formatNumber(total)}`;
}
