import { Alert, Group, Modal, Skeleton, Text } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { toAppError } from "../api/errors";
import { useTrainingPreview } from "../api/preview";
import type { PreviewedText, PreviewRequest, TrainingPreview } from "../bindings";
import { Refusal } from "../components/Refusal";
import { formatNumber } from "../format/numbers";
import { plural } from "../format/texts";
import { ChatTemplateField, SystemPromptField, TrainOnField } from "../pages/training/choices/ChoiceFields";
import { askedChoices, isRelevant } from "../pages/training/choices/shownChoices";
import type { Training } from "../pages/training/useTraining";
import { settingsIn } from "../resources/configs/form/jsonText";
import tall from "../resources/datasets/TallDialog.module.css";
import { RowWalker } from "../resources/prompts/preview/RowWalker";
import css from "./Preview.module.css";
import { PreviewedRowView } from "./PreviewedRowView";

/** Rows of the dataset exactly as this training would see them. The choices that shape them can be changed. */
export function PreviewDialog({ training, onClose }: { training: Training; onClose: () => void }) {
  const [row, setRow] = useState(1);
  const request = requestOf(training, row);
  const { data, error, isPlaceholderData } = useTrainingPreview(request);
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
        <Choices training={training} />
        <Group justify="space-between" gap={16} mih={30} style={{ flex: "none" }}>
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
          {error && !data && <Refusal error={toAppError(error)} />}
          {!error && !data && <Skeleton height={160} />}
          {data && <Rows preview={data} limit={request.limit ?? null} />}
        </section>
      </div>
    </Modal>
  );
}

/** The choices that shape the texts, where they apply. */
function Choices({ training }: { training: Training }) {
  const { values, shown } = training;
  if (!isRelevant("chat_template", values, shown)) return null;
  return (
    <div className={css.choices}>
      <ChatTemplateField training={training} />
      {isRelevant("train_on", values, shown) && <TrainOnField training={training} />}
      {isRelevant("system_prompt", values, shown) && (
        <div className={css.long}>
          <SystemPromptField training={training} />
        </div>
      )}
    </div>
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
      {preview?.by_transformers && (
        <span>Rendered by Transformers, because this program can't render the template</span>
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

function requestOf({ fields, values, shown, texts }: Training, row: number): PreviewRequest {
  const limit = settingsIn(texts.training_arguments_config)?.get("max_length")?.value;
  return {
    dataset_id: fields.dataset_id ?? "",
    row,
    count: 1,
    base_model_id: fields.base_model_id ?? null,
    prompt_id: fields.prompt_id ?? null,
    choices: askedChoices(values, shown),
    limit: typeof limit === "number" ? limit : null,
  };
}
