import { Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useConversationRow } from "../../../api/trial";
import type { TrialConversation } from "../../../bindings";
import { ReferenceField } from "../../../components/form/ReferenceField";
import { RowWalker } from "../../../resources/prompts/preview/RowWalker";
import css from "../Trial.module.css";

/** Begins conversations with rows of a dataset. */
export function FromConversation({ onRow }: { onRow: (conversation: TrialConversation) => void }) {
  const [dataset, setDataset] = useState("");
  const [row, setRow] = useState(1);
  const { data, error } = useConversationRow(dataset, row);
  const conversation = data?.conversation ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another row begins another conversation
  useEffect(() => {
    if (conversation) onRow(conversation);
  }, [conversation]);
  const problem = error?.message ?? data?.problem;
  return (
    <section className={css.group} aria-label="From a dataset">
      <ReferenceField
        table="datasets"
        link={undefined}
        common={{
          label: "Begin with a row of a dataset",
          description: null,
          required: false,
          value: dataset,
          placeholder: "Or begin with a message",
          onChange: (id: string) => {
            setDataset(id);
            setRow(1);
          },
        }}
      />
      {problem && (
        <Text size="xs" c="var(--warning)">
          {problem}
        </Text>
      )}
      {dataset && data && <RowWalker row={row} last={data.last} total={data.total} onRow={setRow} />}
    </section>
  );
}
