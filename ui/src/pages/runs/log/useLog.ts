import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { showError } from "../../../api/errors";
import { LOOK, runKeys } from "../../../api/runs";
import { commands } from "../../../bindings";
import { append, before, type Log, MOST_LINES, MOST_READ, noLog, prepend } from "./parts";

/** Read at once: the tail at first, and at most what came in a second from a very talkative run. */
const AT_ONCE = 512 * 1024;
const EARLIER = 256 * 1024;

/** A log from its end on, and further while it grows. */
export function useLog(id: string, live: boolean) {
  const client = useQueryClient();
  const following = useRef(true);
  const [loading, setLoading] = useState(false);
  const key = runKeys.log(id);
  const log = useQuery({
    queryKey: key,
    queryFn: () => readOn(client, id, following.current ? MOST_LINES : MOST_READ),
    refetchInterval: live ? LOOK : false,
    structuralSharing: false,
    staleTime: 0,
  });
  // Its last words come with its end.
  const { refetch } = log;
  const wasLive = useRef(live);
  useEffect(() => {
    if (wasLive.current && !live) void refetch();
    wasLive.current = live;
  }, [live, refetch]);

  const loadEarlier = async () => {
    const known = client.getQueryData<Log>(key);
    if (!known || loading) return;
    const end = before(known);
    const from = Math.max(0, end - EARLIER);
    setLoading(true);
    try {
      const told = await commands.runLog(id, from, end - from);
      client.setQueryData<Log>(key, (now = noLog) => (before(now) === end ? prepend(now, told) : now));
    } catch (thrown) {
      showError(thrown);
    } finally {
      setLoading(false);
    }
  };
  const follow = (yes: boolean) => {
    following.current = yes;
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

async function readOn(client: QueryClient, id: string, most: number): Promise<Log> {
  const known = client.getQueryData<Log>(runKeys.log(id)) ?? noLog;
  const end = known.parts.at(-1)?.end ?? null;
  const told = await commands.runLog(id, end, AT_ONCE);
  // More came than is ever kept: on from the new tail. What lies between is still there to load. A log that
  // was begun anew is shorter than what was read of it.
  const behind = told.size - told.end > AT_ONCE;
  const anew = end !== null && told.size < end;
  const tail = behind || anew ? await commands.runLog(id, null, AT_ONCE) : told;
  // Earlier lines may have been loaded meanwhile.
  const now = client.getQueryData<Log>(runKeys.log(id)) ?? known;
  return append(anew ? noLog : now, tail, most);
}
