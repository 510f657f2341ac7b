import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { showError } from "../../../api/errors";
import { readRunLog, runKeys } from "../../../api/runs";
import { append, before, type Log, lineCount, MOST_LINES, MOST_READ, noLog, prepend } from "./parts";

/** Read at once: the tail at first, and at most what came in a second from a very talkative run. */
const AT_ONCE = 1024 * 1024;
const EARLIER = 256 * 1024;

/** A log from its end on, and further while it grows. */
export function useLog(id: string) {
  const client = useQueryClient();
  const following = useRef(true);
  const [loading, setLoading] = useState(false);
  const key = runKeys.log(id);
  const log = useQuery({
    queryKey: key,
    queryFn: () => readOn(client, id, following.current),
    structuralSharing: false,
    staleTime: 0,
  });
  const { refetch } = log;

  const loadEarlier = async () => {
    const known = client.getQueryData<Log>(key);
    if (!known || loading) return;
    const end = before(known);
    const from = Math.max(0, end - EARLIER);
    setLoading(true);
    try {
      const read = await readRunLog(id, from, end - from);
      client.setQueryData<Log>(key, (now = noLog) => (before(now) === end ? prepend(now, read) : now));
    } catch (thrown) {
      showError(thrown);
    } finally {
      setLoading(false);
    }
  };
  const follow = (yes: boolean) => {
    const again = yes && !following.current;
    following.current = yes;
    // What waited in the file is read at once.
    if (again) void refetch();
  };
  return {
    log: log.data ?? noLog,
    known: log.data !== undefined,
    error: log.error,
    loadEarlier,
    loading,
    follow,
  };
}

async function readOn(client: QueryClient, id: string, following: boolean): Promise<Log> {
  const key = runKeys.log(id);
  const known = client.getQueryData<Log>(key) ?? noLog;
  const end = known.parts.at(-1)?.end ?? null;
  const full = !following && lineCount(known) >= MOST_READ;
  const read = await readRunLog(id, end, full ? 1 : AT_ONCE);
  // A log that was started again is shorter than the part that was read.
  const restarted = end !== null && read.size < end;
  // More was added than is loaded at once: the new end replaces the log. Earlier lines can be loaded.
  const behind = following && read.size - read.end > AT_ONCE;
  const next = restarted || behind ? await readRunLog(id, null, AT_ONCE) : read;
  // Earlier lines may have been loaded meanwhile.
  const now = restarted ? noLog : (client.getQueryData<Log>(key) ?? known);
  if (full && !restarted) return { ...now, size: read.size };
  return append(now, next, following ? MOST_LINES : Number.POSITIVE_INFINITY);
}
