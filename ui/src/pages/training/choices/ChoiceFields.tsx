import { fieldProps } from "../../../components/form/fieldProps";
import { ChoiceSelect } from "../../../resources/jobs/choices/ChoiceSelect";
import { formatsOf, methods, rowFormats } from "../../../resources/jobs/choices/options";
import type { Training } from "../useTraining";

type Props = { training: Training };

/** The method. Rows are read in another format where the method needs one. */
export function MethodField({ training }: Props) {
  const { shown, change } = training;
  return (
    <ChoiceSelect
      common={fieldProps(training, "method")}
      options={methods}
      value={shown.method ?? null}
      onChoose={(method) => {
        const fits = shown.row_format && formatsOf[method].includes(shown.row_format);
        const [only, another] = formatsOf[method];
        change({ method, row_format: fits || another ? "" : (only ?? ""), train_on: "" });
      }}
    />
  );
}

/** How rows are read, where the method leaves a choice. */
export function RowFormatField({ training }: Props) {
  const { shown, change } = training;
  const formats = formatsOf[shown.method ?? "sft"];
  return (
    <ChoiceSelect
      common={fieldProps(training, "row_format")}
      options={rowFormats.filter(({ value }) => formats.includes(value) || value === shown.row_format)}
      value={shown.row_format ?? null}
      onChoose={(row_format) => change({ row_format, train_on: "" })}
    />
  );
}
