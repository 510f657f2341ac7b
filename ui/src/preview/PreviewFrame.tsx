import { Alert, Group, Modal, Skeleton, Text } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";
import { toAppError } from "../api/errors";
import type { PreviewedText, TrainingPreview } from "../bindings";
import { Refusal } from "../components/Refusal";
import { formatNumber } from "../format/numbers";
import { plural } from "../format/texts";
import tall from "../resources/datasets/TallDialog.module.css";
import { RowWalker } from "../resources/prompts/preview/RowWalker";
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
  onClose: () => void;
};

/** A dialog that walks through rows as a model sees them. */
export function PreviewFrame({ preview, error, busy, row, onRow, limit, choices, onClose }: Props) {
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
        <Group justify="space-between" gap={16} mih={30} style={{ flex: "none" }}>
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
          {error && !preview ? <Refusal error={toAppError(error)} /> : null}
          {!error && !preview && <Skeleton height={160} />}
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
        <Alert key={`${column} ${message}`} color="red" variant="light" mb={12} role="alert">
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

/** The total length, and what the marks in the text mean. */
function Legend({ preview, limit }: { preview: TrainingPreview | undefined; limit: number | null }) {
  const texts = preview?.rows.flatMap((row) => row.texts) ?? [];
  const total = texts.reduce((sum, { tokens }) => sum + tokens.count, 0);
  const exact = texts.every(({ tokens }) => tokens.exact);
  // Answers that are compared are cut one by one.
  const kept = limit !== null && !texts.some(({ part }) => part === "rejected");
  const learns = texts.some(({ loss }) => loss.length > 0);
  const cut = texts.some(({ cut }) => cut !== null);
  return (
    <div className={css.legend}>
      {texts.length > 0 && (
        <span role="status" className="tabular">
          {exact ? "" : "About "}
          {plural(total, "token")} in all
          {kept && `, ${formatNumber(limit)} are kept`}
          {cut && ", the rest is cut off"}
        </span>
      )}
      {learns && (
        <span>
          <mark className={css.learned}>Shaded and underlined</mark>: {marked(texts)}
        </span>
      )}
      {preview?.tokenizer_problem && <span>{preview.tokenizer_problem.message}</span>}
    </div>
  );
}

/** What the loss is measured on, by what the rows have. */
function marked(texts: PreviewedText[]): string {
  const has = (part: string) => texts.some((text) => text.part === part);
  if (has("rejected")) return "the answers that are compared";
  return "what the model learns to write";
}
