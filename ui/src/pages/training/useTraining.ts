import { useRef, useState } from "react";
import { useTrainingPlan } from "../../api/plans";
import { startTraining } from "../../api/runs";
import { columnOf, tableOf } from "../../api/tables";
import type { FieldProblem, FineTuningFramework, PlannedChoices, TrainingRequest } from "../../bindings";
import { type FormValues, formColumns, problemWith } from "../../components/form/values";
import { settingsIn, withSetting } from "../../resources/configs/form/jsonText";
import { choiceLabels } from "../../resources/jobs/choices/options";
import {
  askedChoices,
  makesAdapter,
  numberProblems,
  type ShownChoices,
  shownChoices,
  trainsElsewhere,
  usesPrompt,
} from "../../resources/jobs/choices/shownChoices";
import { useLookups } from "../starting/useLookups";
import { useStarting } from "../starting/useStarting";
import { useWhere } from "../starting/useWhere";
import { latestPrompt, suggestedName } from "./initialTraining";

const table = tableOf("fine_tuning_jobs");

const ARGUMENTS = "training_arguments_config";

/** Training arguments that are fields of the page as well. The page's value is the one that counts. */
const ofPage: [setting: string, column: string][] = [
  ["num_train_epochs", "num_epochs"],
  ["learning_rate", "learning_rate"],
];

/** The learning rate of a job whose method has none of its own. */
const usualRate = columnOf(table, "learning_rate")?.default ?? "";

export type Training = ReturnType<typeof useTraining>;

/** The state of the start page of a training. */
export function useTraining(initial: FormValues) {
  const [values, setValues] = useState(initial);
  const suggested = useRef(initial.adapter_name ?? "");

  const own = formColumns(table).flatMap((column): FieldProblem[] => {
    const message = values[column.name] ? problemWith(column, values) : null;
    return message ? [{ column: column.name, message }] : [];
  });
  own.push(...numberProblems(values));
  // What applies depends on what was planned last, and is planned in its turn.
  const [planned, setPlanned] = useState<PlannedChoices>();
  const shown = shownChoices(values, planned);
  const where = useWhere(() => starting.touch());
  const fields = { ...asked(values, own, shown), target: where.target };
  const { plan, current, stale, failed } = useTrainingPlan(fields);
  // The rate of the method, until another is typed. A copied job keeps its own.
  const [suggestedRate, setSuggestedRate] = useState(initial.method ? undefined : usualRate);
  if (plan && plan.choices !== planned) {
    setPlanned(plan.choices);
    const rate = plan.learning_rate === null ? usualRate : String(plan.learning_rate);
    if (rate !== suggestedRate) {
      setSuggestedRate(rate);
      setValues((old) => (old.learning_rate === suggestedRate ? { ...old, learning_rate: rate } : old));
    }
  }
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
    // Other rows may be of another format, for another method.
    const read = { method: "", row_format: "", rating_column: "", rating_threshold: "", train_on: "" };
    follow({ dataset_id: text, prompt_id: "", ...read });
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
    where,
    texts,
    setText,
    setSetting,
    plan,
    /** The choices as chosen, else as planned. */
    shown,
    /** The request for what is on screen. */
    fields,
    starting,
    problem: (column: string) =>
      starting.problem(column, Boolean(values[column] || shown[column as keyof ShownChoices])),
    warning: starting.warning,
    label,
  };
}

/** The label of a column or a choice. */
function label(column: string): string {
  return columnOf(table, column)?.label ?? choiceLabels[column as keyof typeof choiceLabels] ?? column;
}

/** The request for the values. Unreadable values are left out; their fields show the problem. */
function asked(values: FormValues, wrong: FieldProblem[], shown: ShownChoices): TrainingRequest {
  const text = (column: string) => {
    const value = wrong.some((problem) => problem.column === column) ? "" : (values[column] ?? "");
    return value.trim() === "" ? null : value;
  };
  const number = (column: string) => {
    const value = text(column);
    return value === null ? null : Number(value);
  };
  const framework: FineTuningFramework = values.framework_type === "axolotl" ? "axolotl" : "legacy";
  // Axolotl formats rows itself; other frameworks need a prompt instead of its config.
  const axolotl = framework === "axolotl" && !values.user_script;
  // Its own config or code says how many processes it trains in.
  const elsewhere = trainsElsewhere(values);
  return {
    base_model_id: text("base_model_id"),
    dataset_id: text("dataset_id"),
    prompt_id: axolotl || !usesPrompt(shown.row_format) ? null : text("prompt_id"),
    adapter_name: text("adapter_name"),
    auto_add_adapter: true,
    framework_type: framework,
    axolotl_config_id: axolotl ? text("axolotl_config_id") : null,
    user_script: text("user_script"),
    user_config_id: text("user_config_id"),
    num_epochs: number("num_epochs"),
    learning_rate: number("learning_rate"),
    dataset_fraction: number("dataset_fraction"),
    train_test_split: number("train_test_split"),
    training_arguments_config: text("training_arguments_config"),
    lora_config: makesAdapter(values, shown) ? text("lora_config") : null,
    model_bnb_config: text("model_bnb_config"),
    adapter_bnb_config: text("adapter_bnb_config"),
    out_dir: text("out_dir"),
    num_workers: elsewhere ? null : number("num_workers"),
    num_cpu: number("num_cpu"),
    num_gpu: elsewhere ? null : number("num_gpu"),
    devices: elsewhere || !values.devices ? null : values.devices.split(",").map(Number),
    num_memory: number("num_memory"),
    choices: askedChoices(values, shown),
  };
}
