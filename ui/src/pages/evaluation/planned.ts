// What the plan says of each model and adapter of an evaluation.
import type { EvaluationPlan, JudgedBy, PlannedCombination, RowFormat } from "../../bindings";
import { fileName } from "../../format/paths";
import { chatTemplates, labelOf } from "../../resources/jobs/choices/options";

const judges: Record<JudgedBy, string> = {
  score: "compared by the scores of the reward model",
  reward: "compared by reward: how much likelier an answer became by the training",
  likelihood: "compared by how likely the model finds an answer",
};

/** Whether rows hold answers that are compared, and none are written. */
export function comparesAnswers(format: RowFormat | null | undefined): boolean {
  return format === "preference" || format === "unpaired_preference";
}

/** What is planned for a model, with an adapter or alone. */
export function plannedFor(
  plan: EvaluationPlan | undefined,
  model: string,
  adapter: string,
): PlannedCombination | undefined {
  return plan?.combinations.find((one) => one.model === model && (one.adapter ?? "") === adapter);
}

/** The chat template of a combination and how it compares answers, in words; empty where both say nothing. */
export function plannedText(planned: PlannedCombination | undefined): string {
  const template = planned?.chat_template;
  const parts = [
    template &&
      `Chat template: ${labelOf(chatTemplates, template.includes("/") ? fileName(template) : template)}`,
    planned?.judged_by && judges[planned.judged_by],
  ];
  const text = parts.filter(Boolean).join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
