import { useEffect, useState } from "react";
import { isGoing } from "../../api/runs";
import type { Run } from "../../bindings";

/**
 * Seconds since the preparation of a run began, or between that and its end; null for a queued run. The value
 * of an active run changes every second.
 */
export function useElapsed(run: Run): number | null {
  const [now, setNow] = useState(Date.now);
  const active = isGoing(run);
  useEffect(() => {
    if (!active) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [active]);
  return elapsedSeconds(run, now);
}

/** The same at one moment, in milliseconds since 1970. A run that ended does not depend on it. */
export function elapsedSeconds({ started_at, ended_at }: Run, now = Date.now()): number | null {
  if (!started_at) return null;
  const until = ended_at ? Date.parse(ended_at) : now;
  return Math.max(0, (until - Date.parse(started_at)) / 1000);
}
