import type { Run } from "../../bindings";

/** Seconds since the worker of a run started last, or between its start and its end; null before a start. */
export function elapsedSeconds(run: Run, now = Date.now()): number | null {
  if (!run.started_at) return null;
  const until = run.ended_at ? Date.parse(run.ended_at) : now;
  return Math.max(0, (until - Date.parse(run.started_at)) / 1000);
}
