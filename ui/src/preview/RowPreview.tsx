import { useState } from "react";
import { useTrainingPreview } from "../api/preview";
import type { FormValues } from "../components/form/values";
import { ChatFields, type ChoiceForm } from "../resources/jobs/choices/ChatFields";
import { choiceLabels } from "../resources/jobs/choices/options";
import { askedChoices, shownChoices } from "../resources/jobs/choices/shownChoices";
import { useTokenChoice } from "../resources/prompts/tokenChoice";
import { WholeNumberInput } from "../resources/prompts/WholeNumberInput";
import { closePreview, type Opened, useOpened } from "./opened";
import { PreviewDialog } from "./PreviewDialog";
import { SourceFields } from "./SourceFields";

const labels: Record<string, string> = {
  ...choiceLabels,
  dataset_id: "Dataset",
  base_model_id: "Base model",
  prompt_id: "Prompt",
};

/** The preview of any dataset with any model, while it is open. */
export function RowPreview() {
  const opened = useOpened();
  return opened && <Open key={JSON.stringify(opened)} opened={opened} />;
}

function Open({ opened }: { opened: Opened }) {
  const [tokens, setTokens] = useTokenChoice();
  const [values, setValues] = useState<FormValues>({
    dataset_id: opened.dataset ?? "",
    base_model_id: tokens.model,
    prompt_id: opened.prompt ?? "",
  });
  const source = {
    dataset_id: values.dataset_id ?? "",
    base_model_id: values.base_model_id || null,
    prompt_id: values.prompt_id || null,
    limit: tokens.limit,
  };
  // What applies follows from the rows of the dataset.
  const planned = useTrainingPreview({ ...source, row: 1, count: 1, choices: askedChoices(values, {}) });
  const shown = shownChoices(values, source.dataset_id ? planned.data?.choices : undefined);
  const form: ChoiceForm = {
    values,
    shown,
    set: (field, text) => {
      if (field === "base_model_id") setTokens({ ...tokens, model: text });
      const others: FormValues = field === "dataset_id" ? { prompt_id: "", train_on: "" } : {};
      setValues((old) => ({ ...old, ...others, [field]: text }));
    },
    label: (field) => labels[field] ?? field,
    problem: () => undefined,
    warning: () => undefined,
  };
  return (
    <PreviewDialog
      choices={
        <>
          <SourceFields form={form} />
          <ChatFields form={form} />
          <WholeNumberInput
            label="Tokens per row"
            max={1_000_000}
            thousandSeparator=","
            value={tokens.limit}
            onValue={(limit) => setTokens({ ...tokens, limit })}
          />
        </>
      }
      request={{ ...source, choices: askedChoices(values, shown) }}
      onClose={closePreview}
    />
  );
}
