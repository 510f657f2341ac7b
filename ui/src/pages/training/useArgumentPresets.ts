import { usePresets } from "../../api/configs";
import type { Training } from "./useTraining";

/** Keys of the choices that are no presets: the core's choice for this machine, and a changed text. */
const MADE = "made for this machine";
const OWN = "own";

/** The presets of the training arguments, and which of them is in use. */
export function useArgumentPresets({ values, setText, change }: Training) {
  const presets = (usePresets().data ?? []).filter(({ type }) => type === "training_arguments");
  const text = values.training_arguments_config ?? "";
  const keyOf = ({ id, name }: (typeof presets)[number]) => id ?? name;
  const chosen = text === "" ? MADE : (presets.find(({ config }) => same(config, text))?.name ?? OWN);
  const using = presets.find(({ name }) => name === chosen);
  const choices = [
    { value: MADE, label: "Made for this machine" },
    ...presets.map((preset) => ({ value: keyOf(preset), label: preset.name })),
    ...(chosen === OWN ? [{ value: OWN, label: "Your own settings" }] : []),
  ];
  const choose = (key: string | null) => {
    if (key === MADE) return change({ training_arguments_config: "" });
    const preset = presets.find((preset) => keyOf(preset) === key);
    if (preset) setText("training_arguments_config", preset.config);
  };
  return { choices, chosen: using ? keyOf(using) : chosen, choose };
}

/** Whether two texts have the same settings apart from those that are fields of the page. */
function same(a: string, b: string): boolean {
  const bare = (text: string) => {
    const { num_train_epochs: _, learning_rate: __, ...rest } = JSON.parse(text);
    return JSON.stringify(rest);
  };
  try {
    return bare(a) === bare(b);
  } catch {
    return false;
  }
}
