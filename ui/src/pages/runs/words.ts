// How runs are said.
import type { Run, RunState, RunSummary } from "../../bindings";
import { amount } from "../../components/words";

export const stateWords: Record<RunState, string> = {
  queued: "Waiting",
  preparing: "Preparing",
  running: "Running",
  stopping: "Stopping",
  succeeded: "Succeeded",
  failed: "Failed",
  stopped: "Stopped",
  lost: "Lost",
};

/** "2 h 5 min", "3 min 20 s", "8 s". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** How long a run has gone, or went, since its worker started last. */
export function elapsed(run: Run, now = Date.now()): number | null {
  if (!run.started_at) return null;
  const until = run.ended_at ? Date.parse(run.ended_at) : now;
  return Math.max(0, (until - Date.parse(run.started_at)) / 1000);
}

/** A measure in the digits that matter: 0.2134, 12.35, 2.0e-4. */
export function figure(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  return size < 10 ? value.toFixed(4) : size < 1000 ? value.toFixed(2) : amount(Math.round(value));
}

/** A time as short as one answer's: 0.6 ms, 48 ms, 1.24 s. */
export function brief(seconds: number): string {
  const ms = seconds * 1000;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${seconds.toFixed(2)} s`;
}

/** How much is done of it, as steps or rows. */
export function done({ run, done, total }: Pick<RunSummary, "run" | "done" | "total">): string {
  const unit = run.kind === "training" ? "step" : "row";
  if (total === null) return `${amount(done)} ${unit}${done === 1 ? "" : "s"}`;
  return `${capital(unit)} ${amount(done)} of ${amount(total)}`;
}

const capital = (unit: string) => unit.charAt(0).toUpperCase() + unit.slice(1);

export function percent(done: number, total: number | null): number | null {
  return total ? Math.min(100, (done / total) * 100) : null;
}

const names: Record<string, string> = {
  loss: "Loss",
  eval_loss: "Loss on held-back rows",
  learning_rate: "Learning rate",
  grad_norm: "Gradient norm",
  train_loss: "Mean loss",
  mean_token_accuracy: "Token accuracy",
  eval_mean_token_accuracy: "Token accuracy on held-back rows",
};

/** What the trainer calls a measure, in words. */
export function measureName(name: string): string {
  return names[name] ?? name.replaceAll("_", " ");
}
