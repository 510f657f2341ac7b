import { useEffect, useState } from "react";
import { isGoing } from "../../api/runs";
import type { Run } from "../../bindings";

/**
 * Seconds since a run started, or between its start and its end; null before the start. While the run goes,
 * the value changes every second.
 */
export function useElapsed(run: Run): number | null {
  const [now, setNow] = useState(Date.now);
  const going = isGoing(run);
  useEffect(() => {
    if (!going) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [going]);
  return elapsedSeconds(run, now);
}

/** The same at one moment, in milliseconds since 1970. A run that ended does not depend on it. */
export function elapsedSeconds({ started_at, ended_at }: Run, now = Date.now()): number | null {
  if (!started_at) return null;
  const until = ended_at ? Date.parse(ended_at) : now;
  return Math.max(0, (until - Date.parse(started_at)) / 1000);
}
