import { Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useRendering } from "../../../api/prompts";
import { useRow } from "../../../api/store";
import type { RenderedText } from "../../../bindings";
import { ReferenceField } from "../../../components/form/ReferenceField";
import { RowWalker } from "../../../resources/prompts/preview/RowWalker";
import css from "../Trial.module.css";

type Props = {
  model: string;
  /** The id of the prompt that is chosen until the person chooses another; may be empty. */
  initial: string;
  /** `picked` is whether the person asked for this row. */
  onRow: (text: string, expected: string, picked: boolean) => void;
};

/** Fills the prompt from rows of a dataset, through a prompt of the studio. */
export function FromPrompt({ model, initial, onRow }: Props) {
  const [chosen, setPrompt] = useState<string | null>(null);
  const prompt = chosen ?? initial;
  const [row, setRow] = useState(1);
  const { data } = useRow("prompts", prompt, prompt !== "");
  const dataset = data ? String(data.row.dataset_id ?? "") : "";
  const { data: rendered } = useRendering({
    dataset_id: dataset,
    row,
    input_template: String(data?.row.input_template ?? ""),
    completion_template: String(data?.row.completion_template ?? ""),
    training_template: null,
    model_id: model || null,
    limit: null,
  });
  const input = rendered?.row ? textOf(rendered.input) : null;
  const expected = rendered?.row ? textOf(rendered.completion) : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another row or prompt fills it again
  useEffect(() => {
    if (input !== null) onRow(input, expected, chosen !== null || row !== 1);
  }, [input, expected]);
  return (
    <section className={css.group} aria-label="From a dataset">
      <ReferenceField
        table="prompts"
        link={undefined}
        common={{
          label: "Take a row through a prompt",
          description: null,
          required: false,
          value: prompt,
          placeholder: "Or write one beside",
          onChange: (id: string) => {
            setPrompt(id);
            setRow(1);
          },
        }}
      />
      {rendered?.unreadable && (
        <Text size="xs" c="var(--warning)">
          {rendered.unreadable.message}
        </Text>
      )}
      {prompt && (
        <RowWalker
          row={row}
          last={rendered?.row?.last ?? true}
          total={rendered?.row?.total ?? null}
          onRow={setRow}
        />
      )}
    </section>
  );
}

const textOf = ({ parts }: RenderedText) => parts.map(({ text }) => text).join("");
