// Which choices of a training apply, and what they are: as chosen, else as planned.
import type { FieldProblem, PlannedChoices, RowFormat, TrainingChoices } from "../../../bindings";
import type { FormValues } from "../../../components/form/values";
import { methods, type Option, rowFormats, trainOn, tunings } from "./options";

export type ShownChoices = Partial<PlannedChoices>;

const chosen = <Value extends string>(options: Option<Value>[], text: string | undefined) =>
  options.find(({ value }) => value === text)?.value;

export function shownChoices(values: FormValues, planned: PlannedChoices | undefined): ShownChoices {
  return {
    method: chosen(methods, values.method) ?? planned?.method,
    row_format: chosen(rowFormats, values.row_format) ?? planned?.row_format,
    rating_column: values.rating_column || planned?.rating_column,
    rating_threshold: numberIn(values.rating_threshold) ?? planned?.rating_threshold,
    chat_template: values.chat_template || planned?.chat_template,
    train_on: chosen(trainOn, values.train_on) ?? planned?.train_on,
    tuning: chosen(tunings, values.tuning) ?? planned?.tuning,
  };
}

/** Whether rows of a format are filled into a prompt template. */
export function usesPrompt(format: RowFormat | null | undefined): boolean {
  return format == null || format === "prompt_completion" || format === "text";
}

/** Whether another program trains, which takes no choices: axolotl, or a script. */
export function trainsElsewhere(values: FormValues): boolean {
  return values.framework_type === "axolotl" || Boolean(values.user_script);
}

/** Whether a new adapter is trained, which has settings of its own. */
export function makesAdapter(values: FormValues, shown: ShownChoices): boolean {
  return trainsElsewhere(values) || (shown.tuning !== "full" && !values.adapter_init);
}

/** Whether a choice makes a difference for what is shown. The others are neither shown nor sent. */
export function isRelevant(choice: keyof TrainingChoices, values: FormValues, shown: ShownChoices): boolean {
  if (trainsElsewhere(values)) return false;
  switch (choice) {
    case "rating_column":
      return shown.row_format === "unpaired_preference";
    case "rating_threshold":
      return shown.row_format === "unpaired_preference" && shown.rating_threshold != null;
    case "chat_template":
      return !usesPrompt(shown.row_format);
    case "system_prompt":
      return !usesPrompt(shown.row_format) && Boolean(shown.chat_template) && shown.chat_template !== "none";
    case "train_on":
      return shown.row_format === "conversation";
    case "adapter_init":
      return shown.tuning !== "full";
    default:
      return true;
  }
}

/** The choices to send: what was not chosen is left to the plan. */
export function askedChoices(values: FormValues, shown: ShownChoices): TrainingChoices {
  const text = (choice: keyof TrainingChoices) =>
    (isRelevant(choice, values, shown) && values[choice]?.trim()) || null;
  return {
    method: chosen(methods, text("method") ?? "") ?? null,
    row_format: chosen(rowFormats, text("row_format") ?? "") ?? null,
    rating_column: text("rating_column"),
    rating_threshold: numberIn(text("rating_threshold")),
    chat_template: text("chat_template"),
    system_prompt: text("system_prompt"),
    train_on: chosen(trainOn, text("train_on") ?? "") ?? null,
    adapter_init: text("adapter_init"),
    tuning: chosen(tunings, text("tuning") ?? "") ?? null,
    early_stopping_patience: isCount(values.early_stopping_patience)
      ? numberIn(text("early_stopping_patience"))
      : null,
  };
}

/** The choices that are typed as numbers and are none. */
export function numberProblems(values: FormValues): FieldProblem[] {
  const problems = [];
  if (values.early_stopping_patience?.trim() && !isCount(values.early_stopping_patience))
    problems.push({ column: "early_stopping_patience", message: "This must be a whole number above 0." });
  if (values.rating_threshold?.trim() && numberIn(values.rating_threshold) === null)
    problems.push({ column: "rating_threshold", message: "This must be a number." });
  return problems;
}

function numberIn(text: string | null | undefined): number | null {
  const number = Number(text);
  return text?.trim() && Number.isFinite(number) ? number : null;
}

function isCount(text: string | undefined): boolean {
  const number = numberIn(text);
  return number !== null && Number.isInteger(number) && number > 0;
}

/** The values of a form for the choices of a job. */
export function choiceValues(choices: TrainingChoices | null): FormValues {
  const given = Object.entries(choices ?? {}).filter(([, value]) => value != null);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
