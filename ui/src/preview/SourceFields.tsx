import { fieldProps } from "../components/form/fieldProps";
import { ReferenceField } from "../components/form/ReferenceField";
import type { ChoiceForm } from "../resources/jobs/choices/ChatFields";
import { usesPrompt } from "../resources/jobs/choices/shownChoices";

/** The dataset, the model that reads its rows, and the prompt where rows are filled into one. */
export function SourceFields({ form }: { form: ChoiceForm }) {
  const { values, shown } = form;
  // Without the button that clears a field.
  const chosen = (field: string) => ({ ...fieldProps(form, field), required: true, withAsterisk: false });
  const dataset = values.dataset_id ?? "";
  return (
    <>
      <ReferenceField table="datasets" common={chosen("dataset_id")} link={undefined} />
      <ReferenceField table="models" common={chosen("base_model_id")} link={undefined} />
      {dataset && shown.row_format && usesPrompt(shown.row_format) && (
        <ReferenceField
          table="prompts"
          common={fieldProps(form, "prompt_id")}
          link={undefined}
          filters={[{ column: "dataset_id", value: dataset }]}
        />
      )}
    </>
  );
}
