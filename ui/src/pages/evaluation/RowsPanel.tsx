import { Button, MultiSelect, TextInput } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useState } from "react";
import { useRow } from "../../api/store";
import type { RowFormat } from "../../bindings";
import { fieldProps } from "../../components/form/fieldProps";
import { ReferenceField } from "../../components/form/ReferenceField";
import { Panel } from "../../components/Panel";
import { listedTexts } from "../../components/values/Value";
import { labelOf, rowFormats } from "../../resources/jobs/choices/options";
import start from "../starting/Start.module.css";
import { EvaluationPreview } from "./EvaluationPreview";
import type { Evaluation } from "./useEvaluation";

/** The choice of rows and prompt, and of the columns shown beside the answers. */
export function RowsPanel({ evaluation }: { evaluation: Evaluation }) {
  const { values, features, setFeatures, plan } = evaluation;
  const [preview, setPreview] = useState(false);
  const dataset = useRow("datasets", values.dataset_id ?? "", Boolean(values.dataset_id)).data;
  const columns = listedTexts(dataset?.row.features) ?? [];
  const ofDataset = values.dataset_id ? [{ column: "dataset_id", value: values.dataset_id }] : [];
  const format = plan?.row_format;
  return (
    <Panel
      title="Rows"
      dense
      action={
        values.dataset_id && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconEye size={15} stroke={1.6} />}
            onClick={() => setPreview(true)}
          >
            Preview…
          </Button>
        )
      }
    >
      <div className={start.two}>
        <ReferenceField
          table="datasets"
          link={undefined}
          common={{ ...fieldProps(evaluation, "dataset_id"), required: true }}
        />
        <ReferenceField
          table="prompts"
          link={undefined}
          filters={ofDataset}
          common={{
            ...fieldProps(evaluation, "prompt_id"),
            required: !format,
            placeholder: format ? `None: the rows are read as ${readAs(format)}` : undefined,
          }}
        />
        <TextInput
          {...fieldProps(evaluation, "eval_dataset_fraction")}
          inputMode="decimal"
          autoComplete="off"
        />
        <MultiSelect
          label={evaluation.label("selected_features")}
          placeholder={features.length === 0 ? "Beside prompt and answers" : undefined}
          data={columns}
          value={features}
          onChange={setFeatures}
          error={evaluation.starting.problem("selected_features", features.length > 0)}
          data-field="selected_features"
          clearable
          clearButtonProps={{ "aria-label": "Clear the columns to show" }}
        />
      </div>
      {preview && <EvaluationPreview evaluation={evaluation} onClose={() => setPreview(false)} />}
    </Panel>
  );
}

/** A row format in the middle of a sentence. */
const readAs = (format: RowFormat) => labelOf(rowFormats, format).toLowerCase();
