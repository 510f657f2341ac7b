import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useNavigate } from "@tanstack/react-router";
import { showError } from "../../api/errors";
import { readRunReport, useRetryRun, useStopRun } from "../../api/runs";
import type { Run, RunReport } from "../../bindings";
import { formatNumber } from "../../format/numbers";

/** Actions that stop, retry and duplicate a run. */
export function useRunActions() {
  const go = useNavigate();
  const stopping = useStopRun();
  const retrying = useRetryRun();

  const stopNow = (run: Run) => stopping.mutate(run.id, { onError: showError });
  /** Stops a run, after a confirmation if steps would be lost. */
  const stop = async (run: Run) => {
    try {
      const lost = run.state === "running" ? whatIsLost(await readRunReport(run.id)) : null;
      if (!lost) return stopNow(run);
      modals.openConfirmModal({
        title: `Stop “${run.name}”?`,
        children: <Text size="sm">{lost}</Text>,
        labels: { confirm: "Stop", cancel: "Continue the run" },
        confirmProps: { color: "red" },
        onConfirm: () => stopNow(run),
      });
    } catch (thrown) {
      showError(thrown);
    }
  };
  const retry = (run: Run) => retrying.mutate(run.id, { onError: showError });
  const duplicate = (run: Run, job: string) =>
    run.kind === "training"
      ? go({ to: "/training/start", search: { copy: job } })
      : go({ to: "/evaluation/start", search: { copy: job } });
  return { stop, retry, duplicate, stopping: stopping.isPending, retrying: retrying.isPending };
}

/**
 * The steps that a stop would lose, as a sentence. The studio's own trainer saves a checkpoint when it is
 * stopped, and evaluations keep their answers; other trainers save only at their usual steps.
 */
function whatIsLost({ run, account, specification }: RunReport): string | null {
  if (run.kind !== "training") return null;
  if (specification?.kind === "training" && specification.framework === "legacy") return null;
  const last = account.checkpoints.at(-1) ?? 0;
  if (account.step <= last) return null;
  return last > 0
    ? `The last checkpoint is of step ${formatNumber(last)}. The steps after it, up to step ${formatNumber(account.step)}, are lost.`
    : `There is no checkpoint yet, so the ${formatNumber(account.step)} steps done so far are lost.`;
}

/** The label of the retry button, with the step that a training continues from. */
export function retryWords({ run, account, elsewhere }: RunReport): string {
  // Its worker has done its work: only what it wrote is missing here.
  if (elsewhere?.left_there) return "Retry the fetch";
  if (run.kind === "export") return "Retry";
  if (run.kind === "evaluation")
    return account.combinations.some(({ done }) => done > 0) ? "Retry the missing rows" : "Retry";
  const last = account.checkpoints.at(-1);
  return last === undefined ? "Retry from the start" : `Retry from step ${formatNumber(last)}`;
}
