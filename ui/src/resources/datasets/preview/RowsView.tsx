import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type FileSource, filePageOptions } from "../../../api/datasetFiles";
import css from "./RowGrid.module.css";
import { SplitRows } from "./SplitRows";

/** A row to show, counted from 0, and a field in it. Each request is a new object. */
export type Goal = { row: number; field: string | null };

/** Values of the split choice. A split may have any name, so its value has a prefix. */
const [ALL, SPLIT] = ["all", "split "];

export type RowsViewProps = {
  /** The id of a dataset, or the path of a file. */
  source: FileSource;
  /** Changes when the file does. */
  stamp: string;
  /** The number of rows; null if they were not counted. */
  total: number | null;
  goal: Goal | null;
  /** Called with the value that is selected. */
  onSeen?: (seen: Goal) => void;
  height: number | string;
};

/** The rows of a file, or of a folder and each of its splits. */
export function RowsView(props: RowsViewProps) {
  const { source, stamp, goal, total, height } = props;
  const { data } = useQuery(filePageOptions(source, stamp, 0));
  const [split, setSplit] = useState<string | null>(null);
  const shownGoal = useRef<Goal | null>(null);
  // A goal counts the rows of all splits.
  useEffect(() => {
    if (goal && shownGoal.current !== goal) setSplit(null);
  }, [goal]);
  const splits = data?.splits ?? [];
  return (
    <div className={css.view} style={{ height: typeof height === "string" ? height : undefined }}>
      {splits.length > 1 && (
        <Select
          className={css.split}
          size="xs"
          aria-label="Split"
          data={[
            { value: ALL, label: "All splits" },
            ...splits.map(({ name }) => ({ value: SPLIT + name, label: name })),
          ]}
          value={split === null ? ALL : SPLIT + split}
          onChange={(chosen) => setSplit(chosen?.startsWith(SPLIT) ? chosen.slice(SPLIT.length) : null)}
          allowDeselect={false}
        />
      )}
      <SplitRows
        key={split ?? ""}
        {...props}
        split={split}
        total={split === null ? total : null}
        shownGoal={shownGoal}
      />
    </div>
  );
}
