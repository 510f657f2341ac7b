import { useState } from "react";
import type { Listed } from "../../bindings";
import type { RowForm } from "../../components/form/useRowForm";

/**
 * The training text is input and completion joined, unless the user writes another one. While it is joined,
 * the form keeps the row's value, so that nothing is sent and the core joins the texts.
 */
export function useTrainingText({ form }: RowForm, editing: Listed | null) {
  const held = editing ? text(editing, "prompt_template") : "";
  const composedThen =
    editing !== null && held === text(editing, "input_template") + text(editing, "completion_template");
  const [own, setOwn] = useState(held !== "" && !composedThen);
  const composed = (form.values.input_template ?? "") + (form.values.completion_template ?? "");
  return {
    own,
    /** The template to render; null stands for the input followed by the completion. */
    template: own ? (form.values.prompt_template ?? "") : null,
    writeOwn: () => {
      setOwn(true);
      form.setFieldValue("prompt_template", composed);
    },
    follow: () => {
      setOwn(false);
      form.setFieldValue("prompt_template", composedThen ? held : "");
    },
  };
}

function text(listed: Listed, column: string): string {
  const value = listed.row[column];
  return typeof value === "string" ? value : "";
}
