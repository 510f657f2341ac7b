import { useCallback, useEffect, useRef, useState } from "react";
import { type AppError, commands, type Progress } from "../bindings";
import { type Channel, progressChannel } from "../platform";
import { toAppError } from "./errors";

export type TaskState<T, P = Progress> =
  | { status: "idle" }
  | { status: "running"; progress: P | null; cancelling: boolean }
  | { status: "done"; result: T }
  | { status: "cancelled" }
  | { status: "failed"; error: AppError };

/** A command that reports its progress and can be canceled by the task's id. */
export type Work<T, P = Progress> = (task: string, onProgress: Channel<P>) => Promise<T>;

/**
 * Runs long work with progress and a way to cancel it. A new run replaces the one before, and unmounting
 * cancels the work.
 */
export function useTask<T, P = Progress>() {
  const [state, setState] = useState<TaskState<T, P>>({ status: "idle" });
  const current = useRef<string | null>(null);

  const stop = useCallback(() => {
    const task = current.current;
    current.current = null;
    if (task) void commands.cancel(task);
  }, []);

  useEffect(() => stop, [stop]);

  const run = useCallback(
    async (work: Work<T, P>): Promise<T | null> => {
      stop();
      const task = crypto.randomUUID();
      current.current = task;
      const isCurrent = () => current.current === task;
      setState({ status: "running", progress: null, cancelling: false });
      const channel = progressChannel<P>((progress) => {
        if (isCurrent()) setState((old) => (old.status === "running" ? { ...old, progress } : old));
      });
      try {
        const result = await work(task, channel);
        if (!isCurrent()) return null;
        current.current = null;
        setState({ status: "done", result });
        return result;
      } catch (thrown) {
        if (!isCurrent()) return null;
        current.current = null;
        const error = toAppError(thrown);
        setState(error.code === "cancelled" ? { status: "cancelled" } : { status: "failed", error });
        return null;
      }
    },
    [stop],
  );

  /** Requests the cancellation. The state becomes "cancelled" when the work has stopped. */
  const cancel = useCallback(() => {
    if (!current.current) return;
    setState((old) => (old.status === "running" ? { ...old, cancelling: true } : old));
    void commands.cancel(current.current);
  }, []);

  /** Cancels the work and returns to idle. */
  const reset = useCallback(() => {
    stop();
    setState({ status: "idle" });
  }, [stop]);

  return { state, run, cancel, reset };
}
