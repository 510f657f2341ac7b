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
import { FileHead } from "./FileHead";
import type { FileImportProps } from "./FileImport";
import css from "./FileImport.module.css";
import { FoundProblems } from "./FoundProblems";
import { NameAndImport } from "./NameAndImport";
import { ReadingStrip } from "./ReadingStrip";

type Props = FileImportProps & {
  /** The file, read as it was chosen. */
  source: FileSource;
  options: ReadOptions;
  /** The ways to read the file. */
  choices: ReactNode;
  stamp: string;
  preview: Preview;
};

/** Rows, columns and problems of a readable file, and its import once it was read to the end. */
export function FileReview({ source, options, choices, stamp, preview, ...props }: Props) {
  const { path, onReplace } = props;
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
    <div className={css.body}>
      <FileHead path={path} preview={preview} diagnosis={diagnosis} onReplace={onReplace} />
      {choices}
      <ReadingStrip state={state} onCancel={cancel} onAgain={() => onReplace(path)} />
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
              onImport={onReplace}
            />
          ),
        }}
      />
      <NameAndImport
        {...props}
        options={options}
        scan={scan}
        reading={state.status === "running"}
        errors={errors}
      />
    </div>
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
