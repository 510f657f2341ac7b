import { Textarea } from "@mantine/core";
import { fileName } from "../../../format/paths";
import { pickFile } from "../../../platform";
import {
  chatTemplates,
  FILE,
  fileTemplate,
  formatsOf,
  help,
  methods,
  noTemplate,
  rowFormats,
  trainOn,
} from "../../../resources/jobs/choices/options";
import { fieldProps } from "../../starting/fieldProps";
import type { Training } from "../useTraining";
import { ChoiceSelect } from "./ChoiceSelect";

type Props = { training: Training };

/** The method. Rows are read in another format where the method needs one. */
export function MethodField({ training }: Props) {
  const { shown, change } = training;
  return (
    <ChoiceSelect
      common={fieldProps(training, "method")}
      options={methods}
      value={shown.method ?? null}
      onChoose={(method) => {
        const fits = shown.row_format && formatsOf[method].includes(shown.row_format);
        const [only, another] = formatsOf[method];
        change({ method, row_format: fits || another ? "" : (only ?? ""), train_on: "" });
      }}
    />
  );
}

/** How rows are read, where the method leaves a choice. */
export function RowFormatField({ training }: Props) {
  const { shown, change } = training;
  const formats = formatsOf[shown.method ?? "sft"];
  return (
    <ChoiceSelect
      common={fieldProps(training, "row_format")}
      options={rowFormats.filter(({ value }) => formats.includes(value) || value === shown.row_format)}
      value={shown.row_format ?? null}
      onChoose={(row_format) => change({ row_format, train_on: "" })}
    />
  );
}

/** The chat template: the model's own, ours, or a file. Answers that are compared may have none. */
export function ChatTemplateField({ training }: Props) {
  const { shown, set, values } = training;
  const name = shown.chat_template || null;
  const known = [...chatTemplates, ...(shown.row_format === "conversation" ? [] : [noTemplate])];
  const file = name && !known.some(({ value }) => value === name) ? name : null;
  const choose = async (value: string) => {
    if (value !== FILE) return set("chat_template", value === "model" ? "" : value);
    const path = await pickFile([
      { name: "Chat templates", extensions: ["jinja", "j2", "txt"] },
      { name: "All files", extensions: ["*"] },
    ]);
    if (path) set("chat_template", path);
  };
  return (
    <ChoiceSelect
      common={fieldProps(training, "chat_template")}
      options={[
        ...known,
        ...(file ? [{ value: file, label: fileName(file), help: file }] : []),
        fileTemplate,
      ]}
      value={name ?? (values.chat_template ? null : shown.row_format === "conversation" ? "model" : "none")}
      onChoose={(value) => void choose(value)}
    />
  );
}

export function SystemPromptField({ training }: Props) {
  const common = fieldProps(training, "system_prompt");
  return (
    <Textarea
      {...common}
      description={common.description ?? help.system_prompt}
      autosize
      minRows={1}
      maxRows={5}
    />
  );
}

export function TrainOnField({ training }: Props) {
  const { shown, set } = training;
  return (
    <ChoiceSelect
      common={fieldProps(training, "train_on")}
      options={trainOn}
      value={shown.train_on ?? null}
      onChoose={(value) => set("train_on", value)}
    />
  );
}
