import type { EditorView } from "@codemirror/view";
import { useDebouncedValue } from "@mantine/hooks";
import { useRef, useState } from "react";
import { useRendering } from "../../api/prompts";
import { columnOf, tableOf } from "../../api/tables";
import type { Column } from "../../bindings";
import { type FormProps, useRowForm } from "../../components/form/useRowForm";
import { isNeeded } from "../../components/form/values";
import { useTokenChoice } from "./tokenChoice";
import { useSuggestion } from "./useSuggestion";
import { useTrainingText } from "./useTrainingText";

/** Milliseconds of no typing before the prompt is rendered. */
const PAUSE = 100;

type Template = "input_template" | "completion_template" | "prompt_template";

/** The templates of a prompt while they are edited, and their rendering with one row of the dataset. */
export function usePromptForm(props: FormProps) {
  const { table, editing } = props;
  const state = useRowForm(props);
  const { form } = state;
  const training = useTrainingText(state, editing);
  const suggest = useSuggestion(state);
  const [choice, setChoice] = useTokenChoice();
  const [row, setRow] = useState(1);
  /** The template that had the focus last. */
  const editor = useRef<EditorView | null>(null);
  const dataset = form.values.dataset_id ?? "";

  const [request] = useDebouncedValue(
    {
      dataset_id: dataset,
      row,
      input_template: form.values.input_template ?? "",
      completion_template: form.values.completion_template ?? "",
      training_template: training.template,
      model_id: choice.model || null,
      limit: choice.limit,
    },
    PAUSE,
  );
  const rendering = useRendering(request);
  const rendered = dataset ? rendering.data : undefined;
  const last = rendered?.row?.last ?? rendered?.unreadable != null;
  const columns = rendered?.columns ?? [];

  const field = (name: string) => {
    const column = columnOf(tableOf(table), name) as Column;
    return {
      column,
      needed: isNeeded(column, form.values),
      input: form.getInputProps(name),
      links: editing?.links ?? [],
      language: "text" as const,
    };
  };
  return {
    state,
    training,
    dataset,
    row,
    setRow,
    last,
    total: rendered?.row?.total ?? null,
    columns,
    choice,
    setChoice,
    rendering,
    rendered,
    field,
    /** The properties of a template's editor. */
    template: (name: Template) => {
      const { column, needed, input } = field(name);
      return {
        field: name,
        label: column.label,
        description: column.help,
        error: input.error,
        required: needed,
        value: String(input.value ?? ""),
        onChange: input.onChange,
        columns,
        onEnter: (view: EditorView) => {
          editor.current = view;
        },
      };
    },
    chooseDataset: (id: string) => {
      field("dataset_id").input.onChange(id);
      setRow(1);
      if (!editing) void suggest(id);
    },
    /** Inserts a placeholder at the cursor. */
    insert: (placeholder: string) => {
      const view = editor.current;
      if (!view?.dom.isConnected) return;
      view.dispatch(view.state.replaceSelection(placeholder), { scrollIntoView: true });
      view.focus();
    },
    /** Goes to the next row (1) or to the previous one (-1), if there is one. */
    step: (by: 1 | -1) => {
      if (by < 0 ? row > 1 : !last) setRow(row + by);
    },
  };
}

export type PromptFormState = ReturnType<typeof usePromptForm>;
