// A run on a compute target, as text.
import type { Elsewhere, Run } from "../../bindings";
import { formatBytes } from "../../format/numbers";
import { formatMoment } from "../../format/times";

/** What happens there beside the work itself, with bytes where some are on their way. */
export type Going = { text: string; done: number; total: number | null };

/** How far a run is that is not working; null while its worker runs, and after it. */
export function goingThere(there: Elsewhere): Going | null {
  const { phase, sent = 0, to_send = 0, fetched = 0, to_fetch = 0 } = there;
  switch (phase) {
    case "sending":
      return moving("Sending", sent, to_send);
    case "starting":
      return { text: `Starting on ${there.name}`, done: 0, total: null };
    case "waiting":
      return { text: waitingText(there), done: 0, total: null };
    case "fetching":
      return moving("Bringing the results here", fetched, to_fetch);
    case "running":
    case "done":
      return null;
  }
}

function moving(what: string, done: number, all: number): Going {
  if (all === 0) return { text: what, done, total: null };
  return { text: `${what}: ${formatBytes(done)} of ${formatBytes(all)}`, done, total: all };
}

/** "Resources, place 3, expected at 14:20". */
function waitingText({ name, reason, place, starts_at }: Elsewhere): string {
  const parts = [
    reason?.replace(/\.$/, "") ?? `In the queue of ${name}`,
    place != null && `place ${place}`,
    starts_at && `expected at ${formatMoment(new Date(starts_at))}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** "Not reached since 10:42"; null while the target answers. */
export function silence({ unreachable_since }: Elsewhere): string | null {
  if (!unreachable_since) return null;
  return `Not reached since ${formatMoment(new Date(unreachable_since))}`;
}

/** Whether a stop was requested that the target does not know of. */
export function keepsStop(run: Run, there: Elsewhere): boolean {
  return run.state === "stopping" && !there.stop_delivered && Boolean(there.unreachable_since);
}
