import { Alert, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTrainingPreview } from "../../api/preview";
import type { RowFormat } from "../../bindings";

const rows: Partial<Record<RowFormat, string>> = {
  conversation: "conversations",
  preference: "pairs of answers",
  unpaired_preference: "rated answers",
};

/** Says that the rows of a dataset need no prompt, where they do not; `action` is shown below that. */
export function WithoutPrompt({ dataset, action }: { dataset: string; action?: ReactNode }) {
  const { data } = useTrainingPreview({ dataset_id: dataset, row: 1, count: 1 });
  const kind = rows[data?.choices.row_format ?? "prompt_completion"];
  if (!kind) return null;
  return (
    <Alert variant="light" icon={<IconInfoCircle size={18} stroke={1.6} />}>
      <Text size="sm">
        The rows of this dataset are {kind}. A training needs no prompt for them: the chat template of its
        model writes them as one text.
      </Text>
      {action}
    </Alert>
  );
}
