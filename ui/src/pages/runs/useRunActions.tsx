import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useNavigate } from "@tanstack/react-router";
import { showError } from "../../api/errors";
import { useRetryRun, useStopRun } from "../../api/runs";
import type { Run } from "../../bindings";
import { amount } from "../../components/words";

/** What a run would go on from if it were stopped now. */
export type Reached = { step: number; checkpoints: number[] };

/** Stopping, retrying and repeating a run. */
export function useRunActions() {
  const go = useNavigate();
  const stopping = useStopRun();
  const retrying = useRetryRun();

  const stopNow = (run: Run) => stopping.mutate(run.id, { onError: showError });
  /** Asks first where steps would be lost: a polite stop of a training saves a checkpoint, others don't. */
  const stop = (run: Run, steps: number) => {
    if (run.state === "queued" || steps === 0) return stopNow(run);
    modals.openConfirmModal({
      title: `Stop “${run.name}”?`,
      children: <Text size="sm">{whatIsKept(run, steps)}</Text>,
      labels: { confirm: "Stop", cancel: "Let it go on" },
      confirmProps: { color: "red" },
      onConfirm: () => stopNow(run),
    });
  };
  const retry = (run: Run) => retrying.mutate(run.id, { onError: showError });
  const duplicate = (run: Run, job: string) =>
    run.kind === "training"
      ? go({ to: "/training/start", search: { copy: job } })
      : go({ to: "/evaluation/start", search: { copy: job } });
  return { stop, retry, duplicate, stopping: stopping.isPending, retrying: retrying.isPending };
}

function whatIsKept(run: Run, done: number): string {
  if (run.kind === "evaluation")
    return `The answers to ${amount(done)} rows so far stay readable. A retry begins anew.`;
  return `It is at step ${amount(done)}. A checkpoint is saved first where the trainer can, and Retry goes on from the last one. No adapter is made.`;
}

/** "Retry from step 50", or "Retry" where it begins anew. */
export function retryWords({ checkpoints }: Reached): string {
  const last = checkpoints.at(-1);
  return last === undefined ? "Retry from the start" : `Retry from step ${amount(last)}`;
}
