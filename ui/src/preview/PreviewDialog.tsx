import { Alert, Group, Modal, Skeleton, Text } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { toAppError } from "../api/errors";
import { useTrainingPreview } from "../api/preview";
import type { PreviewRequest, TrainingPreview } from "../bindings";
import { Refusal } from "../components/Refusal";
import tall from "../resources/datasets/TallDialog.module.css";
import { RowWalker } from "../resources/prompts/preview/RowWalker";
import { Legend } from "./Legend";
import css from "./Preview.module.css";
import { PreviewedRowView } from "./PreviewedRowView";

type Props = {
  /** The fields of what shapes the texts, such as the chat template. */
  choices?: ReactNode;
  /** What is previewed, but for the row. */
  request: Omit<PreviewRequest, "row" | "count">;
  onClose: () => void;
};

/** Rows of a dataset exactly as a training would see them, one at a time. */
export function PreviewDialog({ choices, request, onClose }: Props) {
  const dataset = request.dataset_id ?? "";
  const [at, setAt] = useState({ dataset, row: 1 });
  // Another dataset is shown from its beginning.
  const row = at.dataset === dataset ? at.row : 1;
  const setRow = (row: number) => setAt({ dataset, row });
  const { data, error, isPlaceholderData } = useTrainingPreview({ ...request, row, count: 1 });
  const last = data ? data.last || data.rows.length === 0 : true;
  const walk = (event: KeyboardEvent) => {
    if (!event.altKey) return;
    if (event.key === "PageUp" && row > 1) setRow(row - 1);
    else if (event.key === "PageDown" && !last) setRow(row + 1);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="What the model will see"
      size="min(1240px, 96vw)"
      centered
      classNames={{ content: tall.content, body: tall.body }}
      onKeyDown={walk}
    >
      <div className={css.body}>
        {choices && <div className={css.choices}>{choices}</div>}
        <Group justify="space-between" gap={16} mih={30} wrap="nowrap" style={{ flex: "none" }}>
          <Legend preview={data} limit={request.limit ?? null} />
          <RowWalker row={row} last={last} total={data?.total ?? null} onRow={setRow} />
        </Group>
        <section
          className={css.rows}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard
          tabIndex={0}
          aria-label="The row"
          aria-busy={isPlaceholderData}
        >
          {!dataset && <Text c="dimmed">Choose a dataset to see its rows here.</Text>}
          {error && !data && <Refusal error={toAppError(error)} />}
          {dataset && !error && !data && <Skeleton height={160} />}
          {data && <Rows preview={data} limit={request.limit ?? null} />}
        </section>
      </div>
    </Modal>
  );
}

function Rows({ preview, limit }: { preview: TrainingPreview; limit: number | null }) {
  const { problems, rows, special_tokens } = preview;
  return (
    <>
      {problems.map(({ column, message }) => (
        <Alert
          key={`${column} ${message}`}
          // A model that is still to be chosen is no mistake.
          color={column === "base_model_id" ? "blue" : "red"}
          variant="light"
          mb={12}
          role={column === "base_model_id" ? "status" : "alert"}
        >
          {message}
        </Alert>
      ))}
      {rows.map((row) => (
        <PreviewedRowView key={row.row} row={row} special={special_tokens} limit={limit} />
      ))}
      {problems.length === 0 && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          There is no such row.
        </Text>
      )}
    </>
  );
}
