import type { EditorView } from "@codemirror/view";
import { Button, Group, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type KeyboardEvent, useRef, useState } from "react";
import { useRendering } from "../../api/prompts";
import { columnOf, tableOf } from "../../api/tables";
import type { Column } from "../../bindings";
import { Field } from "../../components/form/Field";
import { FormFrame } from "../../components/form/FormFrame";
import { ReferenceField } from "../../components/form/ReferenceField";
import { type FormProps, useRowForm } from "../../components/form/useRowForm";
import { isNeeded } from "../../components/form/values";
import { Columns } from "./Columns";
import css from "./PromptForm.module.css";
import { Preview } from "./preview/Preview";
import { RowWalker } from "./preview/RowWalker";
import { TemplateField } from "./TemplateField";
import { useTokenChoice } from "./tokenChoice";
import { useSuggestion } from "./useSuggestion";
import { useTrainingText } from "./useTrainingText";
import { WholeNumberInput } from "./WholeNumberInput";

const keys = (
  <Text size="xs" c="dimmed" className={css.keys}>
    Alt Page Down: next row. Ctrl Enter: save.
  </Text>
);

/** The templates beside a row of the dataset with its values in them, as the model will see it. */
export default function PromptForm(props: FormProps) {
  const { table, editing } = props;
  const state = useRowForm(props);
  const { form } = state;
  const training = useTrainingText(state, editing);
  const suggest = useSuggestion(state);
  const [choice, setChoice] = useTokenChoice();
  const [row, setRow] = useState(1);
  const editor = useRef<EditorView | null>(null);
  const datasetId = form.values.dataset_id ?? "";

  const [request] = useDebouncedValue(
    {
      dataset_id: datasetId,
      row,
      input_template: form.values.input_template ?? "",
      completion_template: form.values.completion_template ?? "",
      training_template: training.template,
      model_id: choice.model || null,
      limit: choice.limit,
    },
    100,
  );
  const rendering = useRendering(request);
  const rendered = datasetId ? rendering.data : undefined;
  const read = rendered?.row;
  const last = read?.last ?? rendered?.unreadable != null;

  const walk = (event: KeyboardEvent) => {
    const step = { PageUp: -1, PageDown: 1 }[event.key];
    if (!event.altKey || !step) return;
    event.preventDefault();
    if (step < 0 ? row > 1 : !last) setRow(row + step);
  };
  const insert = (placeholder: string) => {
    const view = editor.current;
    if (!view?.dom.isConnected) return;
    view.dispatch(view.state.replaceSelection(placeholder), { scrollIntoView: true });
    view.focus();
  };

  const columnNamed = (name: string) => columnOf(tableOf(table), name) as Column;
  const field = (name: string) => ({
    column: columnNamed(name),
    needed: isNeeded(columnNamed(name), form.values),
    input: form.getInputProps(name),
    links: editing?.links ?? [],
    language: "text" as const,
  });
  const dataset = field("dataset_id");
  const template = (name: "input_template" | "completion_template" | "prompt_template") => {
    const { column, needed, input } = field(name);
    return {
      field: name,
      label: column.label,
      description: column.help,
      error: input.error,
      required: needed,
      value: String(input.value ?? ""),
      onChange: input.onChange,
      columns: rendered?.columns ?? [],
      onEnter: (view: EditorView) => {
        editor.current = view;
      },
    };
  };

  return (
    <FormFrame {...props} state={state} size="min(1240px, 96vw)" note={keys}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of what is inside */}
      <div className={css.halves} onKeyDown={walk}>
        <div className={css.write}>
          <div className={css.pair}>
            <Field {...field("name")} autoFocus />
            <Field
              {...dataset}
              input={{
                ...dataset.input,
                onChange: (next: string) => {
                  dataset.input.onChange(next);
                  setRow(1);
                  if (!editing) void suggest(next);
                },
              }}
            />
          </div>
          <Columns columns={rendered?.columns ?? []} onInsert={insert} />
          <TemplateField
            {...template("input_template")}
            problems={rendered?.input.problems}
            minRows={7}
            maxRows={16}
          />
          <TemplateField
            {...template("completion_template")}
            problems={rendered?.completion.problems}
            minRows={2}
            maxRows={8}
          />
          {training.own ? (
            <div>
              <TemplateField
                {...template("prompt_template")}
                problems={rendered?.training.problems}
                minRows={5}
                maxRows={14}
              />
              <Button variant="subtle" size="compact-xs" mt={4} onClick={training.follow}>
                Follow input and completion again
              </Button>
            </div>
          ) : (
            <Group justify="space-between" gap={8} className={css.follows}>
              <Text size="sm">
                <b>Training text</b> follows input and completion.
              </Text>
              <Button variant="subtle" size="compact-xs" onClick={training.writeOwn}>
                Write my own
              </Button>
            </Group>
          )}
          <Field {...field("description")} />
        </div>
        <section className={css.look} aria-label="Preview">
          <Group justify="space-between" gap={8} mih={30}>
            <Text fw={600}>Preview</Text>
            {rendered && <RowWalker row={row} last={last} total={read?.total ?? null} onRow={setRow} />}
          </Group>
          {datasetId ? (
            <Preview rendering={rendering} limit={choice.limit} />
          ) : (
            <Text size="sm" c="dimmed">
              Choose a dataset to see one of its rows here, as the model will read it.
            </Text>
          )}
          <Stack gap={4} mt="auto" className={css.tokens}>
            <div className={css.pair}>
              <ReferenceField
                table="models"
                link={undefined}
                common={{
                  label: "Count tokens for",
                  description: "Without a model, a token counts as four bytes.",
                  required: false,
                  value: choice.model,
                  onChange: (model: string) => setChoice({ ...choice, model }),
                }}
              />
              <WholeNumberInput
                label="Tokens kept"
                description="What training cuts a text to."
                max={1_000_000}
                thousandSeparator=","
                value={choice.limit}
                onValue={(limit) => setChoice({ ...choice, limit })}
              />
            </div>
            {rendered?.tokenizer_problem && (
              <Text size="xs" c="dimmed">
                {rendered.tokenizer_problem.message} {rendered.tokenizer_problem.hint}
              </Text>
            )}
          </Stack>
        </section>
      </div>
    </FormFrame>
  );
}
