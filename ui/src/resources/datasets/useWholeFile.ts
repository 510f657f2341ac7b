import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { type FileSource, fileKey } from "../../api/datasetFiles";
import { type TaskState, useTask, type Work } from "../../api/useTask";

/**
 * A result that needs the whole file. Reading starts when `when` is true, and the result is cached for the
 * version of the file that `stamp` identifies.
 */
export function useWholeFile<T>(
  what: string,
  source: FileSource,
  stamp: string,
  read: (source: FileSource) => Work<T>,
  when = true,
) {
  const client = useQueryClient();
  const { state, run, cancel } = useTask<T>();
  const key = [...fileKey(source, stamp), what];
  const { data } = useQuery<T>({ queryKey: key, queryFn: skipToken, staleTime: Number.POSITIVE_INFINITY });
  const latest = useRef(key);
  latest.current = key;

  const start = useCallback(async () => {
    const key = latest.current;
    const found = await run(read(source));
    if (found) client.setQueryData(key, found);
  }, [run, read, source, client]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another stamp is another file
  useEffect(() => {
    if (when && client.getQueryData(latest.current) === undefined) void start();
  }, [start, stamp, client, when]);

  const shown: TaskState<T> = data === undefined ? state : { status: "done", result: data };
  return { state: shown, start, cancel };
}
