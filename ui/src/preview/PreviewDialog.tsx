import { useState } from "react";
import { useTrainingPreview } from "../api/preview";
import type { PreviewRequest } from "../bindings";
import { ChatTemplateField, SystemPromptField, TrainOnField } from "../pages/training/choices/ChoiceFields";
import { askedChoices, isRelevant } from "../pages/training/choices/shownChoices";
import type { Training } from "../pages/training/useTraining";
import { settingsIn } from "../resources/configs/form/jsonText";
import css from "./Preview.module.css";
import { PreviewFrame } from "./PreviewFrame";

/** Rows of the dataset exactly as this training would see them. The choices that shape them can be changed. */
export function PreviewDialog({ training, onClose }: { training: Training; onClose: () => void }) {
  const [row, setRow] = useState(1);
  const request = requestOf(training, row);
  const { data, error, isPlaceholderData } = useTrainingPreview(request);
  return (
    <PreviewFrame
      preview={data}
      error={error}
      busy={isPlaceholderData}
      row={row}
      onRow={setRow}
      limit={request.limit ?? null}
      choices={<Choices training={training} />}
      onClose={onClose}
    />
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
