// The specification that a run was started with, for display.
import { type ExportSpec, type JsonValue, SETTINGS, type Spec } from "../../bindings";
import { formatSetting } from "../../format/settings";
import { capitalize } from "../../format/texts";
import { choiceText } from "../../resources/jobs/choices/choiceFacts";
import { choiceLabels } from "../../resources/jobs/choices/options";

export type Leaf = { path: string; value: JsonValue };

const labels = new Map(
  SETTINGS.flatMap(({ groups }) =>
    groups.flatMap(({ settings }) => settings.map(({ name, label }) => [name, label] as const)),
  ),
);

/** Where a specification has the choices of a training. */
const choices: Record<string, keyof typeof choiceLabels> = {
  method: "method",
  row_format: "row_format",
  "ratings.column": "rating_column",
  "ratings.threshold": "rating_threshold",
  "chat.template.name": "chat_template",
  "chat.system_prompt": "system_prompt",
  "chat.train_on": "train_on",
  "adapter_init.name": "adapter_init",
  tuning: "tuning",
  early_stopping_patience: "early_stopping_patience",
};

const own: Record<string, string> = {
  "adapter_init.source": "Continued adapter’s place",
  "dataset.name": "Dataset",
  "dataset.path": "Dataset’s place",
  "model.name": "Base model",
  "model.source": "Base model’s place",
  "prompt.name": "Prompt",
  "prompt.input_template": "Prompt template",
  "prompt.completion_template": "Completion template",
  "prompt.training_template": "Training template",
  "selection.dataset_fraction": "Dataset share",
  "selection.train_test_split": "Training share",
  "selection.sample": "Part of the held-back rows",
  "selection.features": "Columns shown",
  "adapter.name": "Adapter name",
  "adapter.register": "Added to the adapters",
  "rows.train": "Rows to train on",
  "rows.eval": "Rows held back",
  "rows.left_out": "Rows left out",
  "script.path": "Own script",
  "output.adapter": "Adapter’s folder",
  "output.model": "Model’s folder",
  "output.checkpoints": "Checkpoints’ folder",
  "tracking.uri": "MLflow",
};

const groups: Record<string, string> = {
  training_arguments: "Training arguments",
  lora: "LoRA",
  quantization: "Quantization",
  generation: "Generation",
};

/** The label of a setting, or its name. */
export function settingName(path: string): string {
  const [first = "", ...rest] = path.split(".");
  const choice = choices[path];
  if (choice) return choiceLabels[choice];
  return (
    own[path] ??
    labels.get(rest.join(".")) ??
    capitalize((rest.length > 0 ? rest : [first]).join(" ").replaceAll("_", " "))
  );
}

/** The value of a setting as it is read. */
export function settingText(path: string, value: JsonValue | undefined): string {
  const choice = choices[path];
  const named = choice && (typeof value === "string" || typeof value === "number");
  return named ? choiceText(choice, value) : formatSetting(value);
}

export function groupOf(path: string): string {
  return groups[path.split(".")[0] ?? ""] ?? "What";
}

const unsaid = ["version", "id", "kind", "seed"];

/** Identifiers, and parts of a frozen chat template that say nothing beside its name. The specification has them. */
const silent = /(^|\.)(id|chat\.template\.(text|special_tokens|now))$/;

/** Whether a path of a specification leads to a setting that is worth reading. */
export const isTelling = (path: string) =>
  path !== "name" && !path.split(".").some((_, at, names) => silent.test(names.slice(0, at + 1).join(".")));

/** The values of a specification in its order, without identifiers and nulls. */
export function leavesOf(specification: Spec | ExportSpec | null): Leaf[] {
  if (!specification) return [];
  const found: Leaf[] = [];
  const walk = (value: JsonValue, path: string) => {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      for (const [name, item] of Object.entries(value)) {
        const inner = path ? `${path}.${name}` : name;
        if (!unsaid.includes(inner) && !silent.test(inner)) walk(item, inner);
      }
    } else if (value !== null) found.push({ path, value });
  };
  walk(specification, "");
  return found;
}
