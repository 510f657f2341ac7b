import { Textarea } from "@mantine/core";
import { fieldProps, type PageFields } from "../../../components/form/fieldProps";
import { fileName } from "../../../format/paths";
import { pickFile } from "../../../platform";
import { ChoiceSelect } from "./ChoiceSelect";
import { chatTemplates, FILE, fileTemplate, help, noTemplate, trainOn } from "./options";
import { isRelevant, type ShownChoices } from "./shownChoices";

/** The fields of a page with the choices that they show. */
export type ChoiceForm = PageFields & { shown: ShownChoices };

type Props = { form: ChoiceForm };

/** The chat template: the model's own, ours, or a file. Answers that are compared may have none. */
export function ChatTemplateField({ form }: Props) {
  const { shown, set, values } = form;
  const name = shown.chat_template || null;
  // A model without a template of its own is planned with another.
  const hasOwn = Boolean(values.chat_template) || !name || name === "model";
  const known = [
    ...chatTemplates.filter(({ value }) => hasOwn || value !== "model"),
    ...(shown.row_format === "conversation" ? [] : [noTemplate]),
  ];
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
      common={fieldProps(form, "chat_template")}
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

export function SystemPromptField({ form }: Props) {
  const common = fieldProps(form, "system_prompt");
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

export function TrainOnField({ form }: Props) {
  const { shown, set } = form;
  return (
    <ChoiceSelect
      common={fieldProps(form, "train_on")}
      options={trainOn}
      value={shown.train_on ?? null}
      onChoose={(value) => set("train_on", value)}
    />
  );
}

/** What shapes the text of a conversation or a preference, as far as it applies. */
export function ChatFields({ form }: Props) {
  const { values, shown } = form;
  if (!isRelevant("chat_template", values, shown)) return null;
  return (
    <>
      <ChatTemplateField form={form} />
      {isRelevant("train_on", values, shown) && <TrainOnField form={form} />}
      {isRelevant("system_prompt", values, shown) && (
        <div data-long>
          <SystemPromptField form={form} />
        </div>
      )}
    </>
  );
}
