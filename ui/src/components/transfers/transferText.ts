// The progress of a transfer as text.
import type { Transfer, TransferState } from "../../bindings";
import { formatBytes } from "../../format/numbers";
import { formatDuration } from "../../format/times";

export const stateLabels: Record<TransferState, string> = {
  queued: "Queued",
  running: "Running",
  paused: "Paused",
  failed: "Failed",
  cancelled: "Cancelled",
  done: "Done",
};

/** "1.2 GB of 3.4 GB, 25 MB a second, 1 min 28 s left". */
export function progressText(transfer: Transfer): string {
  const { state, bytes, total, rate, seconds_left, message } = transfer;
  if (state === "queued" && total === null) return "Waits for its turn";
  if (state === "running" && total === null) return message ?? "Asking the Hub";
  if (state === "done") return total === null ? "" : formatBytes(total);
  if (total === null) return "";
  const parts = [`${formatBytes(bytes)} of ${formatBytes(total)}`];
  if (state === "running" && message) parts.push(message);
  else if (rate !== null) parts.push(`${formatBytes(rate)} a second`);
  if (seconds_left !== null && !message) parts.push(`${formatDuration(seconds_left)} left`);
  return parts.join(", ");
}
