import { useRef, useState } from "react";
import { useTrainingPlan } from "../../api/plans";
import { startTraining } from "../../api/runs";
import { columnOf, tableOf } from "../../api/tables";
import type { FieldProblem, Row } from "../../bindings";
import { type FormValues, fieldsToSend, formColumns, problemWith } from "../../components/form/values";
import { settingsIn, withSetting } from "../../resources/configs/form/jsonText";
import { useLookups } from "../starting/useLookups";
import { useStarting } from "../starting/useStarting";
import { latestPrompt, suggestedName } from "./initialTraining";

const table = tableOf("fine_tuning_jobs");

const ARGUMENTS = "training_arguments_config";

/** Training arguments that are fields of the page as well. The page's value is the one that counts. */
const ofPage: [setting: string, column: string][] = [
  ["num_train_epochs", "num_epochs"],
  ["learning_rate", "learning_rate"],
];

export type Training = ReturnType<typeof useTraining>;

/** The state of the start page of a training. */
export function useTraining(initial: FormValues) {
  const [values, setValues] = useState(initial);
  const suggested = useRef(initial.adapter_name ?? "");

  const own = formColumns(table).flatMap((column): FieldProblem[] => {
    const message = values[column.name] ? problemWith(column, values) : null;
    return message ? [{ column: column.name, message }] : [];
  });
  const fields = asked(values, own);
  const { plan, current, stale, failed } = useTrainingPlan(fields);
  const { lookingUp, lookUp } = useLookups();
  const starting = useStarting({
    own,
    plan,
    current: current && !lookingUp,
    stale,
    failed,
    start: () => startTraining(fields),
    label,
  });

  const change = (some: FormValues) => {
    starting.touch();
    setValues((old) => ({ ...old, ...some }));
  };
  /** Applies a change that a suggested adapter name depends on. A typed name stays. */
  const follow = (some: FormValues) => {
    change(some);
    if (values.adapter_name !== suggested.current) return;
    void lookUp(suggestedName({ ...values, ...some }), (name) => {
      const before = suggested.current;
      suggested.current = name;
      setValues((old) => (old.adapter_name === before ? { ...old, adapter_name: name } : old));
    });
  };
  const set = (column: string, text: string) => {
    if (column === "base_model_id") return follow({ base_model_id: text });
    if (column !== "dataset_id") return change({ [column]: text, ...inText(column, text) });
    follow({ dataset_id: text, prompt_id: "" });
    void lookUp(latestPrompt(text), (prompt_id) =>
      setValues((old) => (old.dataset_id === text && !old.prompt_id ? { ...old, prompt_id } : old)),
    );
  };

  /** Writes a number of the page into the text of the arguments, if the text has it. */
  const inText = (column: string, text: string): FormValues => {
    const setting = ofPage.find(([, own]) => own === column)?.[0];
    const whole = values[ARGUMENTS] ?? "";
    const readable = text.trim() !== "" && Number.isFinite(Number(text));
    if (!setting || !readable || !settingsIn(whole)?.has(setting)) return {};
    return { [ARGUMENTS]: withSetting(whole, setting, String(Number(text))) };
  };

  const texts = {
    training_arguments_config: values.training_arguments_config || plan?.training_arguments || "",
    lora_config: values.lora_config || plan?.lora || "",
  };
  /** Replaces the text of a config, and takes over its numbers that are fields of the page. */
  const setText = (column: string, text: string) => {
    const said = column === ARGUMENTS ? settingsIn(text) : null;
    const moved = ofPage.flatMap(([setting, own]) => {
      const value = said?.get(setting);
      return value && value.value !== null ? [[own, value.text]] : [];
    });
    change({ ...Object.fromEntries(moved), [column]: text });
  };
  /** Changes one setting of a config's text. */
  const setSetting = (column: keyof typeof texts, name: string, written: string | null) =>
    setText(column, withSetting(texts[column], name, written));

  return {
    values,
    set,
    change,
    texts,
    setText,
    setSetting,
    plan,
    starting,
    problem: (column: string) => starting.problem(column, Boolean(values[column])),
    label,
  };
}

/** The label of a column. */
function label(column: string): string {
  return columnOf(table, column)?.label ?? column;
}

/** The fields to send. Unreadable values are left out; their fields show the problem. */
function asked(values: FormValues, wrong: FieldProblem[]): Row {
  const readable = { ...values };
  for (const { column } of wrong) readable[column] = "";
  // Axolotl formats rows itself; other frameworks need a prompt instead of its config.
  const axolotl = values.framework_type === "axolotl" && !values.user_script;
  readable[axolotl ? "prompt_id" : "axolotl_config_id"] = "";
  return { ...fieldsToSend(table, readable, null), auto_add_adapter: true };
}
