import { Group, Stack, Text } from "@mantine/core";
import { ReferenceField } from "../../components/form/ReferenceField";
import css from "./PromptForm.module.css";
import { Preview } from "./preview/Preview";
import { RowWalker } from "./preview/RowWalker";
import type { PromptFormState } from "./usePromptForm";
import { WholeNumberInput } from "./WholeNumberInput";
import { WithoutPrompt } from "./WithoutPrompt";

/** The templates filled with one row of the dataset, and the length of the text in tokens. */
export function PromptPreview({ prompt }: { prompt: PromptFormState }) {
  const { dataset, rendered, rendering, row, setRow, last, total, choice } = prompt;
  return (
    <section className={css.look} aria-label="Preview">
      <Group justify="space-between" gap={8} mih={30}>
        <Text fw={600}>Preview</Text>
        {rendered && <RowWalker row={row} last={last} total={total} onRow={setRow} />}
      </Group>
      {dataset ? (
        <>
          <WithoutPrompt dataset={dataset} />
          <Preview rendering={rendering} limit={choice.limit} />
        </>
      ) : (
        <Text size="sm" c="dimmed">
          Choose a dataset to see one of its rows here, as the model will read it.
        </Text>
      )}
      <TokenSettings prompt={prompt} />
    </section>
  );
}

/** The tokenizer that counts, and the limit that training cuts texts to. */
function TokenSettings({ prompt: { choice, setChoice, rendered } }: { prompt: PromptFormState }) {
  return (
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
          description="Training cuts longer texts to this length."
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
  );
}
