import type { Turn } from "./conversation";

/** The tokens of a model's conversation by its last answer that was counted; null before the first. */
export function usedTokens(turns: Turn[], target: string): number | null {
  const steps = turns.flatMap((turn) => turn.steps[target] ?? []);
  const last = steps.findLast(
    (step) => step.kind === "answer" && step.done !== null && step.done.inputTokens !== null,
  );
  if (last?.kind !== "answer" || !last.done) return null;
  return (last.done.inputTokens ?? 0) + (last.done.outputTokens ?? 0);
}
