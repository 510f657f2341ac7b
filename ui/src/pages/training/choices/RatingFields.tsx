import { Select, TextInput } from "@mantine/core";
import { useRow } from "../../../api/store";
import { fieldProps } from "../../../components/form/fieldProps";
import { listedTexts } from "../../../components/values/Value";
import { help } from "../../../resources/jobs/choices/options";
import { isRelevant } from "../../../resources/jobs/choices/shownChoices";
import type { Training } from "../useTraining";

/** What says whether an answer is good: a column, and from which rating on. */
export function RatingFields({ training }: { training: Training }) {
  const { values, shown, set } = training;
  const dataset = useRow("datasets", values.dataset_id ?? "", Boolean(values.dataset_id)).data;
  const columns = listedTexts(dataset?.row.features) ?? [];
  const column = fieldProps(training, "rating_column");
  const threshold = fieldProps(training, "rating_threshold");
  const planned = training.plan?.choices.rating_threshold;
  return (
    <>
      <Select
        {...column}
        description={column.description ?? help.rating_column}
        data={columns}
        value={shown.rating_column ?? null}
        onChange={(name) => training.change({ rating_column: name ?? "", rating_threshold: "" })}
        placeholder="Chosen answers are good, rejected ones bad"
        clearable={Boolean(values.rating_column)}
        searchable
      />
      {isRelevant("rating_threshold", values, shown) && (
        <TextInput
          {...threshold}
          description={threshold.description ?? help.rating_threshold}
          placeholder={planned == null ? "" : String(planned)}
          onChange={(event) => set("rating_threshold", event.currentTarget.value)}
          inputMode="decimal"
          autoComplete="off"
        />
      )}
    </>
  );
}
