import { PreviewDialog } from "../../preview/PreviewDialog";
import { settingsIn } from "../../resources/configs/form/jsonText";
import { ChatFields } from "../../resources/jobs/choices/ChatFields";
import { askedChoices } from "../../resources/jobs/choices/shownChoices";
import type { Training } from "./useTraining";

/** Rows exactly as this training would see them. Changes of the choices stay when it is closed. */
export function TrainingPreviewDialog({ training, onClose }: { training: Training; onClose: () => void }) {
  const { fields, values, shown, texts } = training;
  const limit = settingsIn(texts.training_arguments_config)?.get("max_length")?.value;
  return (
    <PreviewDialog
      choices={<ChatFields form={training} />}
      request={{
        dataset_id: fields.dataset_id ?? "",
        base_model_id: fields.base_model_id ?? null,
        prompt_id: fields.prompt_id ?? null,
        choices: askedChoices(values, shown),
        limit: typeof limit === "number" ? limit : null,
      }}
      onClose={onClose}
    />
  );
}
