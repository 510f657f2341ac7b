import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { showError, toAppError } from "../../api/errors";
import { useTrainingPlan } from "../../api/plans";
import { useStoreChanged } from "../../api/store";
import { columnOf, tableOf } from "../../api/tables";
import { type AppError, commands, type FieldProblem, type Row } from "../../bindings";
import { type FormValues, fieldsToSend, formColumns, problemWith } from "../../components/form/values";
import { settingsIn, withSetting } from "../../resources/configs/form/jsonText";
import { latestPrompt, suggestedName } from "./beginning";

const table = tableOf("fine_tuning_jobs");

/** Numbers of the page that win over those of the training arguments. */
const ofPage: [setting: string, column: string][] = [
  ["num_train_epochs", "num_epochs"],
  ["learning_rate", "learning_rate"],
];

export type Training = ReturnType<typeof useTraining>;

/** A training in the making: what is chosen, what would come of it, and what stands against it. */
export function useTraining(begun: FormValues) {
  const go = useNavigate();
  const changed = useStoreChanged();
  const [values, setValues] = useState(begun);
  const [attempted, setAttempted] = useState(false);
  const [starting, setStarting] = useState(false);
  const [refused, setRefused] = useState<AppError | null>(null);
  const suggested = useRef(begun.adapter_name ?? "");

  const own = formColumns(table).flatMap((column): FieldProblem[] => {
    const message = values[column.name] ? problemWith(table, column, values) : null;
    return message ? [{ column: column.name, message }] : [];
  });
  const fields = asked(values, own);
  const { plan, failed } = useTrainingPlan(fields);
  const told = [...own, ...((refused ?? failed)?.fields ?? []), ...(plan?.problems ?? [])];
  const problems = told.filter(
    ({ column }, at) =>
      told.findIndex((other) => other.column === column) === at ||
      !own.some((problem) => problem.column === column),
  );

  const change = (some: FormValues) => {
    setRefused(null);
    setValues((old) => ({ ...old, ...some }));
  };
  /** A name that was only suggested follows what it was made of. */
  const follow = async (some: FormValues) => {
    change(some);
    const next = { ...values, ...some };
    if (values.adapter_name !== suggested.current) return;
    try {
      const name = await suggestedName(next);
      const before = suggested.current;
      suggested.current = name;
      setValues((old) => (old.adapter_name === before ? { ...old, adapter_name: name } : old));
    } catch (thrown) {
      showError(thrown);
    }
  };
  const set = (column: string, text: string) => {
    if (column === "base_model_id") return void follow({ base_model_id: text });
    if (column !== "dataset_id") return change({ [column]: text });
    void follow({ dataset_id: text, prompt_id: "" });
    latestPrompt(text)
      .then((prompt_id) =>
        setValues((old) => (old.dataset_id === text && !old.prompt_id ? { ...old, prompt_id } : old)),
      )
      .catch(showError);
  };

  const texts = {
    training_arguments_config: values.training_arguments_config || plan?.training_arguments || "",
    lora_config: values.lora_config || plan?.lora || "",
  };
  /** Writes the whole text of a config of the job; numbers that the page has itself go there. */
  const setText = (column: string, text: string) => {
    if (column !== "training_arguments_config") return change({ [column]: text });
    const settings = settingsIn(text);
    const moved: FormValues = {};
    let rest = text;
    for (const [setting, own] of ofPage) {
      const said = settings?.get(setting);
      if (!said) continue;
      if (said.value !== null) moved[own] = said.text;
      rest = withSetting(rest, setting, null);
    }
    change({ ...moved, [column]: rest });
  };
  /** Writes one setting of such a text, which is the person's own from then on. */
  const setSetting = (column: keyof typeof texts, name: string, written: string | null) => {
    let text = texts[column];
    if (!values[column]) for (const [setting] of ofPage) text = withSetting(text, setting, null);
    change({ [column]: withSetting(text, name, written) });
  };

  const start = async () => {
    setAttempted(true);
    if (starting || problems.length > 0) return focusField(problems[0]?.column);
    setStarting(true);
    try {
      const run = await commands.startTraining(fields);
      await changed();
      await go({ to: "/runs/$id", params: { id: run.id } });
    } catch (thrown) {
      const error = toAppError(thrown);
      setRefused(error);
      focusField(error.fields[0]?.column);
    } finally {
      setStarting(false);
    }
  };

  /** What is wrong with a field, once it was filled or a start was tried: an untouched page is not red. */
  const problem = (column: string) =>
    values[column] || attempted ? problems.find((problem) => problem.column === column)?.message : undefined;
  const warning = (column: string) => plan?.warnings.find((warning) => warning.column === column)?.message;
  return {
    values,
    set,
    change,
    texts,
    setText,
    setSetting,
    plan,
    problems,
    problem,
    warning,
    start,
    starting,
    refused: refused ?? failed,
    label: (column: string) => columnOf(table, column)?.label ?? column,
  };
}

/** What is sent: what can be read of the form. What can't is told beside its field. */
function asked(values: FormValues, wrong: FieldProblem[]): Row {
  const readable = { ...values };
  for (const { column } of wrong) readable[column] = "";
  return { ...fieldsToSend(table, readable, null), auto_add_adapter: true };
}

export function focusField(column: string | undefined): void {
  if (column) document.querySelector<HTMLElement>(`[data-field="${column}"]`)?.focus();
}
