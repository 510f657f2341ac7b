import { Alert, Group, Modal, Skeleton, Text } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";
import { toAppError } from "../api/errors";
import type { TrainingPreview } from "../bindings";
import { Refusal } from "../components/Refusal";
import tall from "../resources/datasets/TallDialog.module.css";
import { RowWalker } from "../resources/prompts/preview/RowWalker";
import { Legend } from "./Legend";
import css from "./Preview.module.css";
import { PreviewedRowView } from "./PreviewedRowView";

type Props = {
  /** The preview of the row, as far as it is there. */
  preview: TrainingPreview | undefined;
  error: unknown;
  /** Whether the preview is still that of what was asked before. */
  busy: boolean;
  row: number;
  onRow: (row: number) => void;
  /** The largest number of tokens of a row. */
  limit: number | null;
  /** What shapes the texts, to be changed. */
  choices: ReactNode;
  /** What is missing, where nothing is asked for. */
  missing?: string;
  onClose: () => void;
};

/** A dialog that walks through rows as a model sees them. */
export function PreviewFrame({ preview, error, busy, row, onRow, limit, choices, missing, onClose }: Props) {
  const last = preview ? preview.last || preview.rows.length === 0 : true;
  const walk = (event: KeyboardEvent) => {
    if (!event.altKey) return;
    if (event.key === "PageUp" && row > 1) onRow(row - 1);
    else if (event.key === "PageDown" && !last) onRow(row + 1);
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
        {choices}
        <Group justify="space-between" gap={16} mih={30} wrap="nowrap" style={{ flex: "none" }}>
          <Legend preview={preview} limit={limit} />
          <RowWalker row={row} last={last} total={preview?.total ?? null} onRow={onRow} />
        </Group>
        <section
          className={css.rows}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard
          tabIndex={0}
          aria-label="The row"
          aria-busy={busy}
        >
          {missing && <Text c="dimmed">{missing}</Text>}
          {error && !preview ? <Refusal error={toAppError(error)} /> : null}
          {!missing && !error && !preview && <Skeleton height={160} />}
          {preview && <Rows preview={preview} limit={limit} />}
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
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pair is two rows of one number
        <PreviewedRowView key={at} row={row} special={special_tokens} limit={limit} />
      ))}
      {problems.length === 0 && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          There is no such row.
        </Text>
      )}
    </>
  );
}
