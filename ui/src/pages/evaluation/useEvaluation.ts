import { useState } from "react";
import { useEvaluationPlan } from "../../api/plans";
import { startEvaluation } from "../../api/runs";
import { getRow } from "../../api/store";
import { columnOf, tableOf } from "../../api/tables";
import type { Combination, EvaluationRequest, FieldProblem } from "../../bindings";
import type { FormValues } from "../../components/form/values";
import { useLookups } from "../starting/useLookups";
import { useStarting } from "../starting/useStarting";
import { useWhere } from "../starting/useWhere";
import { latestPrompt } from "../training/initialTraining";
import { type Choice, choice, type InitialEvaluation } from "./initialEvaluation";

const table = tableOf("evaluation_jobs");

/** Labels of fields that are no columns of the table. */
const words: Record<string, string> = {
  eval_dataset_fraction: "Part of the held-back rows",
  batch_size: "Batch size",
  selected_features: "Columns to show",
};

export type Evaluation = ReturnType<typeof useEvaluation>;

/** The state of the start page of an evaluation. */
export function useEvaluation(initial: InitialEvaluation) {
  const [values, setValues] = useState(initial.values);
  const [choices, setChoices] = useState(initial.choices);
  const [withBase, setWithBase] = useState(initial.withBase);
  const [features, setFeatures] = useState(initial.features);

  const own = unread(values);
  const where = useWhere(() => starting.touch());
  const fields = {
    ...asked(values, own, combinations(choices, withBase), features),
    target: where.target,
  };
  const { plan, current, stale, failed } = useEvaluationPlan(fields);
  const { lookingUp, lookUp } = useLookups();
  const starting = useStarting({
    own,
    plan,
    current: current && !lookingUp,
    stale,
    failed,
    start: () => startEvaluation(fields),
    label,
  });

  const change = (some: FormValues) => {
    starting.touch();
    setValues((old) => ({ ...old, ...some }));
  };
  const set = (column: string, text: string) => {
    if (column !== "dataset_id") return change({ [column]: text });
    change({ dataset_id: text, prompt_id: "" });
    setFeatures([]);
    void lookUp(latestPrompt(text), (prompt_id) =>
      setValues((old) => (old.dataset_id === text && !old.prompt_id ? { ...old, prompt_id } : old)),
    );
  };
  const edit = (next: (old: Choice[]) => Choice[]) => {
    starting.touch();
    setChoices(next);
  };
  const setModel = (key: string, base_model_id: string) =>
    // An adapter belongs to the model it was trained on.
    edit((old) => old.map((one) => (one.key === key ? { ...one, base_model_id, adapter_id: "" } : one)));
  const setAdapter = (key: string, adapter_id: string) => {
    edit((old) => old.map((one) => (one.key === key ? { ...one, adapter_id } : one)));
    if (!adapter_id) return;
    void lookUp(getRow("adapters", adapter_id), ({ row }) => {
      const model = String(row.model_id ?? "");
      setChoices((old) =>
        old.map((one) => (one.key === key && !one.base_model_id ? { ...one, base_model_id: model } : one)),
      );
    });
  };
  return {
    values,
    set,
    where,
    choices,
    setModel,
    setAdapter,
    add: () => edit((old) => [...old, choice(old.at(-1)?.base_model_id)]),
    remove: (key: string) => edit((old) => old.filter((one) => one.key !== key)),
    withBase,
    setWithBase,
    features,
    setFeatures,
    /** The request for what is on screen. */
    fields,
    generation: values.generation_config || plan?.generation || "",
    plan,
    starting,
    problem: (column: string) => starting.problem(column, Boolean(values[column])),
    warning: starting.warning,
    label,
  };
}

/** The label of a column. */
function label(column: string): string {
  return words[column] ?? columnOf(table, column)?.label ?? column;
}

/** The combinations to evaluate. Each base model comes before its adapters, which are compared with it. */
export function combinations(choices: Choice[], withBase: boolean): Combination[] {
  const chosen = choices.filter(({ base_model_id }) => base_model_id !== "");
  const alone = (model: string) =>
    chosen.some(({ base_model_id, adapter_id }) => base_model_id === model && adapter_id === "");
  const begun = new Set<string>();
  return chosen.flatMap(({ base_model_id, adapter_id }) => {
    const first = withBase && !begun.has(base_model_id) && !alone(base_model_id);
    begun.add(base_model_id);
    const wanted = { base_model_id, adapter_id: adapter_id || null };
    return first ? [{ base_model_id, adapter_id: null }, wanted] : [wanted];
  });
}

function unread(values: FormValues): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const fraction = Number(values.eval_dataset_fraction);
  if (!(fraction > 0 && fraction <= 1))
    problems.push({ column: "eval_dataset_fraction", message: "This must be more than 0 and at most 1." });
  const batch = Number(values.batch_size);
  if (!(Number.isInteger(batch) && batch >= 1))
    problems.push({ column: "batch_size", message: "This must be a whole number of at least 1." });
  return problems;
}

function asked(
  values: FormValues,
  own: FieldProblem[],
  chosen: Combination[],
  features: string[],
): EvaluationRequest {
  const text = (column: string) => {
    const value = own.some((problem) => problem.column === column) ? "" : (values[column] ?? "");
    return value.trim() === "" ? null : value;
  };
  const number = (column: string) => {
    const value = text(column);
    return value === null ? null : Number(value);
  };
  return {
    dataset_id: text("dataset_id"),
    prompt_id: text("prompt_id"),
    generation_config: text("generation_config"),
    model_bnb_config: text("model_bnb_config"),
    adapter_bnb_config: text("adapter_bnb_config"),
    num_workers: number("num_workers"),
    num_cpu: number("num_cpu"),
    num_gpu: number("num_gpu"),
    num_memory: number("num_memory"),
    model_adapter_combinations: chosen,
    eval_dataset_fraction: number("eval_dataset_fraction"),
    selected_features: features,
    batch_size: number("batch_size"),
  };
}
