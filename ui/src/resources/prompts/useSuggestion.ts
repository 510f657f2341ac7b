import { useRef } from "react";
import { suggestTemplates } from "../../api/prompts";
import type { Suggestion } from "../../bindings";
import type { RowForm } from "../../components/form/useRowForm";

/**
 * Suggests templates made from the columns of the chosen dataset. They replace empty templates and earlier
 * suggestions only.
 */
export function useSuggestion({ form }: RowForm): (datasetId: string) => Promise<void> {
  const last = useRef<Suggestion | null>(null);
  const values = useRef(form.values);
  values.current = form.values;

  return async (datasetId) => {
    // A dataset whose columns are not known has no templates to start from.
    const suggestion = datasetId && (await suggestTemplates(datasetId));
    if (!suggestion) return;
    const { dataset_id, input_template, completion_template } = values.current;
    const untouched =
      input_template === (last.current?.input_template ?? "") &&
      completion_template === (last.current?.completion_template ?? "");
    if (!untouched || dataset_id !== datasetId) return;
    last.current = suggestion;
    form.setFieldValue("input_template", suggestion.input_template);
    form.setFieldValue("completion_template", suggestion.completion_template);
  };
}
