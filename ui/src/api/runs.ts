// Trainings and evaluations. The core reports their changes and their output (`changes.ts`).
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  commands,
  type EvaluationRequest,
  LIVE_STATES,
  type QueueRule,
  type ResultQuery,
  type Run,
  type RunSummary,
  type TrainingRequest,
} from "../bindings";
import { keys, storeChanged } from "./store";

export const runKeys = {
  all: [...keys.store, "runs"] as const,
  queue: [...keys.store, "queue"] as const,
  report: (id: string) => [...keys.store, "run", id] as const,
  log: (id: string) => [...keys.store, "runLog", id] as const,
};

/** Whether a run is queued or being worked on. */
export function isLive(run: Run): boolean {
  return LIVE_STATES.includes(run.state);
}

/** Whether a run is being worked on: live and not queued. */
export function isGoing(run: Run): boolean {
  return isLive(run) && run.state !== "queued";
}

/** All runs: the live ones in the order of the queue, then the others, newest first. */
export function useRuns() {
  return useQuery({ queryKey: runKeys.all, queryFn: commands.runs });
}

const known = new WeakMap<RunSummary[], Map<string, RunSummary>>();

/** The run of a job, by the job's id; undefined for a record without a run on this machine. */
export function useRunOfJob(job: string): RunSummary | undefined {
  const { data } = useRuns();
  if (!data) return undefined;
  let byJob = known.get(data);
  if (!byJob) {
    byJob = new Map(data.flatMap((summary) => summary.jobs.map((id) => [id, summary] as const)));
    known.set(data, byJob);
  }
  return byJob.get(job);
}

export const readRunReport = (id: string) => commands.runReport(id);

export const runReportOptions = (id: string) =>
  queryOptions({ queryKey: runKeys.report(id), queryFn: () => readRunReport(id) });

/** A part of a run's log: at most `limit` bytes from `from` on, or the last ones if `from` is null. */
export const readRunLog = (id: string, from: number | null, limit: number) =>
  commands.runLog(id, from, limit);

export const startTraining = (request: TrainingRequest) => commands.startTraining(request);

export const startEvaluation = (request: EvaluationRequest) => commands.startEvaluation(request);

export function useRunReport(id: string, enabled = true) {
  return useQuery({ ...runReportOptions(id), enabled });
}

export function useQueue() {
  return useQuery({ queryKey: runKeys.queue, queryFn: commands.queue });
}

/** A change of a run may change rows too: an adapter is added, a job is created. */
function useRunChange<A, T>(change: (argument: A) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => storeChanged(client) });
}

export const useSetQueue = () => useRunChange((rule: QueueRule) => commands.setQueue(rule));
export const useStopRun = () => useRunChange((id: string) => commands.stopRun(id));
export const useRetryRun = () => useRunChange((id: string) => commands.retryRun(id));
/** Retries a run on a target, or without one on this machine. */
export const useRetryRunOn = () =>
  useRunChange(({ id, target }: { id: string; target: string | null }) => commands.retryRunOn(id, target));
export const useMoveRun = () =>
  useRunChange(({ id, before }: { id: string; before: string | null }) => commands.moveRun(id, before));

export function useRunComparison(ids: string[]) {
  return useQuery({
    queryKey: [...keys.store, "compareRuns", ids],
    queryFn: () => commands.compareRuns(ids),
    enabled: ids.length > 1,
  });
}

export function useEvaluationResults(id: string, query: ResultQuery) {
  return useQuery({
    queryKey: [...keys.store, "evaluationResults", id, query],
    queryFn: () => commands.evaluationResults(id, query),
    placeholderData: (previous, query) => (query?.queryKey[2] === id ? previous : undefined),
  });
}
