import { Select } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { useEvaluationPreview } from "../../api/preview";
import { rowOptions } from "../../api/store";
import type { Combination } from "../../bindings";
import css from "../../preview/Preview.module.css";
import { PreviewFrame } from "../../preview/PreviewFrame";
import { plannedFor, plannedText } from "./planned";
import type { Evaluation } from "./useEvaluation";

type Props = { evaluation: Evaluation; onClose: () => void };

/** Rows of the dataset exactly as each model and adapter of this evaluation would see them. */
export function EvaluationPreview({ evaluation: { fields, plan }, onClose }: Props) {
  const [row, setRow] = useState(1);
  const [chosen, setChosen] = useState(0);
  const combinations = fields.model_adapter_combinations ?? [];
  const at = Math.min(chosen, Math.max(combinations.length - 1, 0));
  const { data, error, isPlaceholderData } = useEvaluationPreview(fields, at, row);
  const shown = combinations[at];
  return (
    <PreviewFrame
      preview={data}
      error={error}
      busy={isPlaceholderData}
      row={row}
      onRow={setRow}
      limit={null}
      choices={
        shown && (
          <div className={css.choices}>
            <Reader combinations={combinations} at={at} onChoose={setChosen} />
            <p style={{ alignSelf: "end", margin: 0, fontSize: "var(--mantine-font-size-sm)" }}>
              {plannedText(plannedFor(plan, shown.base_model_id, shown.adapter_id ?? ""))}
            </p>
          </div>
        )
      }
      onClose={onClose}
    />
  );
}

type ReaderProps = { combinations: Combination[]; at: number; onChoose: (at: number) => void };

/** The choice of the model or adapter that reads. */
function Reader({ combinations, at, onChoose }: ReaderProps) {
  const labels = useQueries({
    queries: combinations.map(({ base_model_id, adapter_id }) =>
      adapter_id ? rowOptions("adapters", adapter_id) : rowOptions("models", base_model_id),
    ),
  }).map(({ data }) => data?.label ?? "…");
  return (
    <Select
      label="As seen by"
      data={labels.map((label, at) => ({
        value: String(at),
        label: combinations[at]?.adapter_id ? label : `${label} alone`,
      }))}
      value={String(at)}
      onChange={(value) => value !== null && onChoose(Number(value))}
      allowDeselect={false}
    />
  );
}
