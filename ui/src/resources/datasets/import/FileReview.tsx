import { Group } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { type FileSource, scanDataset } from "../../../api/datasetFiles";
import { useTask } from "../../../api/useTask";
import type { Preview, ReadOptions, Scan } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { formatNumber } from "../../../format/numbers";
import { type DatasetTab, DatasetTabs, Mark } from "../DatasetTabs";
import { unknown, useDoctor } from "../doctor/Doctor";
import { type Goal, RowsView } from "../preview/RowsView";
import { ColumnProfiles, useProfile } from "../profile/ColumnProfiles";
import { ColumnList } from "./ColumnList";
import { FoundProblems } from "./FoundProblems";
import { ReadingStrip } from "./ReadingStrip";

/** The whole file as it was read. */
export type FileRead = {
  /** Null until the file was read to its end. */
  scan: Scan | null;
  reading: boolean;
  errors: number;
};

type Props = {
  path: string;
  /** The file, read as it was chosen. */
  source: FileSource;
  options: ReadOptions;
  stamp: string;
  preview: Preview;
  onReadAgain: () => void;
  /** Opens a file that was made of this one. */
  onImport: (path: string) => void;
  /** What can be done with the file. */
  foot: (read: FileRead) => ReactNode;
};

/** Rows, columns and problems of a readable file, which is read to its end. */
export function FileReview(props: Props) {
  const { path, source, options, stamp, preview, onReadAgain, onImport, foot } = props;
  const { state, run, cancel } = useTask<Scan>();
  const [chosenTab, setChosenTab] = useState<DatasetTab | null>(null);
  const [goal, setGoal] = useState<Goal | null>(null);
  const scan = state.status === "done" ? state.result : null;
  const doctor = useDoctor(source, stamp, scan !== null);
  const profile = useProfile(source, stamp, scan !== null && chosenTab === "columns");
  // biome-ignore lint/correctness/useExhaustiveDependencies: other options are another review, by its key
  useEffect(() => void run(scanDataset(path, options)), [path, run]);

  const columns = scan?.columns ?? preview.columns;
  const diagnosis = doctor.state.status === "done" ? doctor.state.result : null;
  const problems = scan?.problems ?? preview.problems;
  const inFile = scan ? scan.errors + scan.warnings : problems.length;
  const errors = scan ? scan.errors : problems.filter(({ severity }) => severity === "error").length;
  const problemCount = inFile + (diagnosis ? unknown(diagnosis.problems, problems).length : 0);
  const show = (next: Goal) => {
    setGoal(next);
    setChosenTab("rows");
  };

  return (
    <>
      <ReadingStrip state={state} diagnosis={diagnosis} onCancel={cancel} onAgain={onReadAgain} />
      {state.status === "failed" && <Refusal error={state.error} />}
      <DatasetTabs
        // Errors are shown first, unless the user has chosen a tab.
        tab={chosenTab ?? (errors > 0 ? "problems" : "rows")}
        onTab={setChosenTab}
        marks={{
          columns: <Mark>{formatNumber(columns.length)}</Mark>,
          problems: <ProblemMark count={problemCount} errors={errors} />,
        }}
        panels={{
          rows: (
            <RowsView source={source} stamp={stamp} total={scan?.rows ?? null} goal={goal} height="100%" />
          ),
          columns: (
            <ColumnProfiles
              profile={profile}
              meanwhile={
                <ColumnList
                  columns={columns}
                  rows={scan?.rows ?? preview.rows.length}
                  whole={scan !== null}
                />
              }
            />
          ),
          problems: (
            <FoundProblems
              source={source}
              problems={problems}
              total={inFile}
              whole={scan !== null}
              doctor={doctor}
              onShow={show}
              onImport={onImport}
            />
          ),
        }}
      />
      {foot({ scan, reading: state.status === "running", errors })}
    </>
  );
}

function ProblemMark({ count, errors }: { count: number; errors: number }) {
  const color = errors > 0 ? "var(--mantine-color-error)" : "var(--warning)";
  return (
    <Group gap={4} wrap="nowrap">
      {count > 0 && <IconAlertTriangle size={14} color={color} />}
      <Mark>{formatNumber(count)}</Mark>
    </Group>
  );
}
