// The choices of a training as facts to read.
import type { Fact } from "../../../components/Facts";
import { fileName } from "../../../format/paths";
import { plural } from "../../../format/texts";
import {
  chatTemplates,
  choiceLabels,
  labelOf,
  methods,
  noTemplate,
  type Option,
  rowFormats,
  trainOn,
  tunings,
} from "./options";

type Choices = { [Name in keyof typeof choiceLabels]?: string | number | null };

const options: { [Name in keyof typeof choiceLabels]?: Option<string>[] } = {
  method: methods,
  row_format: rowFormats,
  train_on: trainOn,
  tuning: tunings,
};

/** A choice as it is read: "Each answer", "chatml.jinja". */
export function choiceText(name: keyof typeof choiceLabels, value: string | number): string {
  if (name === "early_stopping_patience")
    return `after ${plural(Number(value), "evaluation")} without a lower loss`;
  if (name !== "chat_template") return labelOf<string>(options[name] ?? [], String(value));
  const known = [...chatTemplates, noTemplate].find((option) => option.value === value);
  return known?.label ?? fileName(String(value));
}

/** The choices that were made, in the order of the start page. */
export function choiceFacts(choices: Choices): Fact[] {
  const names = Object.keys(choiceLabels) as (keyof typeof choiceLabels)[];
  return names.flatMap((name) => {
    const value = choices[name];
    return value == null ? [] : [{ name: choiceLabels[name], value: choiceText(name, value) }];
  });
}
