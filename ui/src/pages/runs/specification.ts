// The specification that a run was started with, for display.
import { type JsonValue, SETTINGS, type Spec } from "../../bindings";
import { capitalize } from "../../format/texts";

export type Leaf = { path: string; value: JsonValue };

const labels = new Map(
  SETTINGS.flatMap(({ groups }) =>
    groups.flatMap(({ settings }) => settings.map(({ name, label }) => [name, label] as const)),
  ),
);

const own: Record<string, string> = {
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
  "script.path": "Own script",
  "output.adapter": "Adapter’s folder",
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
  return (
    own[path] ??
    labels.get(rest.join(".")) ??
    capitalize((rest.length > 0 ? rest : [first]).join(" ").replaceAll("_", " "))
  );
}

export function groupOf(path: string): string {
  return groups[path.split(".")[0] ?? ""] ?? "What";
}

const unsaid = ["version", "id", "kind", "seed"];

/** The values of a specification in its order, without identifiers and nulls. */
export function leavesOf(specification: Spec | null): Leaf[] {
  if (!specification) return [];
  const found: Leaf[] = [];
  const walk = (value: JsonValue, path: string) => {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      for (const [name, item] of Object.entries(value)) {
        if (name !== "id" && !(path === "" && unsaid.includes(name)))
          walk(item, path ? `${path}.${name}` : name);
      }
    } else if (value !== null) found.push({ path, value });
  };
  walk(specification, "");
  return found;
}
