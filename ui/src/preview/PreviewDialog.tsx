import { type ReactNode, useState } from "react";
import { useTrainingPreview } from "../api/preview";
import type { PreviewRequest } from "../bindings";
import css from "./Preview.module.css";
import { PreviewFrame } from "./PreviewFrame";

type Props = {
  /** The fields of what shapes the texts, such as the chat template. */
  choices: ReactNode;
  /** What is previewed, but for the row. */
  request: Omit<PreviewRequest, "row" | "count">;
  onClose: () => void;
};

/** Rows of a dataset exactly as a training would see them, one at a time. */
export function PreviewDialog({ choices, request, onClose }: Props) {
  const dataset = request.dataset_id ?? "";
  const [at, setAt] = useState({ dataset, row: 1 });
  // Another dataset is shown from its beginning.
  const row = at.dataset === dataset ? at.row : 1;
  const { data, error, isPlaceholderData } = useTrainingPreview({ ...request, row, count: 1 });
  return (
    <PreviewFrame
      preview={dataset ? data : undefined}
      error={error}
      busy={isPlaceholderData}
      row={row}
      onRow={(row) => setAt({ dataset, row })}
      limit={request.limit ?? null}
      choices={<div className={css.choices}>{choices}</div>}
      missing={dataset ? undefined : "Choose a dataset to see its rows here."}
      onClose={onClose}
    />
  );
}
