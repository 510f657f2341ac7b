import { Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useRendering } from "../../api/prompts";
import type { Listed } from "../../bindings";
import { PreviewButton } from "../../preview/PreviewButton";
import { Preview } from "./preview/Preview";
import { RowWalker } from "./preview/RowWalker";
import { useTokenChoice } from "./tokenChoice";
import { WithoutPrompt } from "./WithoutPrompt";

/** A preview of the prompt with the rows of its dataset. */
export function PromptDetail({ listed }: { listed: Listed }) {
  const { id, dataset_id } = listed.row;
  return (
    <section aria-label="With the values of a row">
      {dataset_id ? (
        <Filled key={String(id)} listed={listed} />
      ) : (
        <>
          <Title order={3}>Preview</Title>
          <Text size="sm" c="dimmed">
            This prompt has no dataset to take rows from.
          </Text>
        </>
      )}
    </section>
  );
}

function Filled({ listed: { row: prompt } }: { listed: Listed }) {
  const [row, setRow] = useState(1);
  const [choice] = useTokenChoice();
  const text = (column: string) => String(prompt[column] ?? "");
  const rendering = useRendering({
    dataset_id: text("dataset_id"),
    row,
    input_template: text("input_template"),
    completion_template: text("completion_template"),
    training_template: text("prompt_template") || null,
    model_id: choice.model || null,
    limit: choice.limit,
  });
  const rendered = rendering.data;
  const last = rendered?.row?.last ?? rendered?.unreadable != null;
  return (
    <>
      <Group justify="space-between" mb={8}>
        <Title order={3}>Preview</Title>
        <RowWalker row={row} last={last} total={rendered?.row?.total ?? null} onRow={setRow} />
      </Group>
      <Stack gap={12}>
        <WithoutPrompt dataset={text("dataset_id")} action={<PreviewButton dataset={text("dataset_id")} />} />
        <Preview rendering={rendering} limit={choice.limit} problems />
      </Stack>
    </>
  );
}
