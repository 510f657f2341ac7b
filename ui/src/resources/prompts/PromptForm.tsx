import { Text } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { FormFrame } from "../../components/form/FormFrame";
import type { FormProps } from "../../components/form/useRowForm";
import css from "./PromptForm.module.css";
import { PromptPreview } from "./PromptPreview";
import { TemplateFields } from "./TemplateFields";
import { usePromptForm } from "./usePromptForm";

const keys = (
  <Text size="xs" c="dimmed" className={css.keys}>
    Alt Page Down: next row. Ctrl Enter: save.
  </Text>
);

/** The form of a prompt: its templates on the left, their rendering on the right. */
export default function PromptForm(props: FormProps) {
  const prompt = usePromptForm(props);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { PageUp: -1 as const, PageDown: 1 as const }[event.key];
    if (!event.altKey || !by) return;
    event.preventDefault();
    prompt.step(by);
  };
  return (
    <FormFrame {...props} state={prompt.state} size="min(1240px, 96vw)" note={keys}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of what is inside */}
      <div className={css.halves} onKeyDown={onKeyDown}>
        <TemplateFields prompt={prompt} />
        <PromptPreview prompt={prompt} />
      </div>
    </FormFrame>
  );
}
