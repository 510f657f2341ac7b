import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { keys } from "../../api/store";
import { type TaskState, useTask } from "../../api/useTask";
import type { Progress } from "../../bindings";
import type { Channel } from "../../platform";

type Read<T> = (source: string, task: string, onProgress: Channel<Progress>) => Promise<T>;

/**
 * What only reading a file to its end tells. It is read once `when` holds, and what was found is kept as
 * long as the file stays the same: `stamp` changes when it does.
 */
export function useWholeFile<T>(what: string, source: string, stamp: string, read: Read<T>, when = true) {
  const client = useQueryClient();
  const { state, run, cancel } = useTask<T>();
  const key = [...keys.store, "file", source, stamp, what];
  const { data } = useQuery<T>({ queryKey: key, queryFn: skipToken, staleTime: Number.POSITIVE_INFINITY });
  const latest = useRef(key);
  latest.current = key;

  const start = useCallback(async () => {
    const key = latest.current;
    const found = await run((task, listen) => read(source, task, listen));
    if (found) client.setQueryData(key, found);
  }, [run, read, source, client]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another stamp is another file
  useEffect(() => {
    if (when && client.getQueryData(latest.current) === undefined) void start();
  }, [start, stamp, client, when]);

  const shown: TaskState<T> = data === undefined ? state : { status: "done", result: data };
  return { state: shown, start, cancel };
}
