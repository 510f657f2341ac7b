import type { RunState, RunSummary } from "../../bindings";
import { formatBytes, formatNumber } from "../../format/numbers";
import { capitalize, plural } from "../../format/texts";

export const stateLabels: Record<RunState, string> = {
  queued: "Waiting",
  preparing: "Preparing",
  waiting: "Pending",
  running: "Running",
  stopping: "Stopping",
  succeeded: "Succeeded",
  failed: "Failed",
  stopped: "Stopped",
  lost: "Lost",
};

/** "Step 40 of 120"; "40 steps" while the total is unknown; "12 MB of 1.2 GB". */
export function progressLabel({ unit, done, total }: Pick<RunSummary, "unit" | "done" | "total">): string {
  if (unit === "bytes") {
    return total === null ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`;
  }
  // The work of an export has its unit in the plural.
  if (unit.endsWith("s"))
    return `${formatNumber(done)} of ${total === null ? "?" : formatNumber(total)} ${unit}`;
  if (total === null) return plural(done, unit);
  return `${capitalize(unit)} ${formatNumber(done)} of ${formatNumber(total)}`;
}
