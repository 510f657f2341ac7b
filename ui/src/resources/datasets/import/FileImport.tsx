import { Badge, Button, Center, Group, Loader, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { filePageOptions, scanDataset } from "../../../api/datasetFiles";
import { toAppError } from "../../../api/errors";
import { useTask } from "../../../api/useTask";
import type { Created, Scan } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { formatNumber } from "../../../format/numbers";
import { fileName } from "../../../format/paths";
import { plural } from "../../../format/texts";
import { type DatasetTab, DatasetTabs, Mark } from "../DatasetTabs";
import { unknown, useDoctor } from "../doctor/Doctor";
import { shapeLabels } from "../doctor/shapeLabels";
import { datasetTypeLabels } from "../labels";
import { type Goal, RowsView } from "../preview/RowsView";
import { ColumnProfiles, useProfile } from "../profile/ColumnProfiles";
import { ColumnList } from "./ColumnList";
import css from "./FileImport.module.css";
import { FoundProblems } from "./FoundProblems";
import { NameAndImport } from "./NameAndImport";
import { pickDatasetFolder } from "./queue";
import { ReadingStrip } from "./ReadingStrip";
import { Unreadable } from "./Unreadable";

type Props = {
  path: string;
  /** What leaving this file is called: there may be others after it. */
  leaveLabel: string;
  onImported: (created: Created, rows: number) => void;
  onLeave: () => void;
  onReplace: (path: string) => void;
  /** While a file is being imported, the dialog must stay. */
  onBusy: (busy: boolean) => void;
};

/** One file on its way to become a dataset: seen at once, read to its end meanwhile, then named and imported. */
export function FileImport({ path, leaveLabel, onImported, onLeave, onReplace, onBusy }: Props) {
  // The file may have been mended since it was last looked at: nothing found then is shown again.
  const [stamp] = useState(() => crypto.randomUUID());
  const first = useQuery(filePageOptions(path, stamp, 0));
  const { state, run, cancel } = useTask<Scan>();
  const readable = first.isSuccess;
  const [chosenTab, setChosenTab] = useState<DatasetTab | null>(null);
  const [goal, setGoal] = useState<Goal | null>(null);
  const doctor = useDoctor(path, stamp, state.status === "done");
  const profile = useProfile(path, stamp, state.status === "done" && chosenTab === "columns");

  useEffect(() => {
    if (readable) void run(scanDataset(path));
  }, [readable, path, run]);

  if (first.isPending) {
    return (
      <Center className={css.body}>
        <Loader size="sm" aria-label="Opening the file" />
      </Center>
    );
  }
  if (first.isError) {
    return (
      <Unreadable
        path={path}
        error={toAppError(first.error)}
        leaveLabel={leaveLabel}
        onLeave={onLeave}
        onReplace={onReplace}
      />
    );
  }

  async function pickFolder() {
    const picked = await pickDatasetFolder();
    if (picked) onReplace(picked);
  }

  const preview = first.data;
  const scan = state.status === "done" ? state.result : null;
  const columns = scan?.columns ?? preview.columns;
  const problems = scan?.problems ?? preview.problems;
  const inFile = scan ? scan.errors + scan.warnings : problems.length;
  const diagnosis = doctor.state.status === "done" ? doctor.state.result : null;
  const problemCount = inFile + (diagnosis ? unknown(diagnosis.problems, problems).length : 0);
  const errors = scan ? scan.errors : problems.filter(({ severity }) => severity === "error").length;

  function show(next: Goal) {
    setGoal(next);
    setChosenTab("rows");
  }

  return (
    <div className={css.body}>
      <Group gap="sm" wrap="nowrap">
        <Text fw={600} style={{ whiteSpace: "nowrap" }}>
          {fileName(path)}
        </Text>
        <Badge variant="default" tt="none" style={{ flex: "none" }}>
          {datasetTypeLabels[preview.type]}
        </Badge>
        {diagnosis && (
          <Tooltip label={diagnosis.why}>
            <Badge variant="light" tt="none" style={{ flex: "none" }}>
              {shapeLabels[diagnosis.shape]}
            </Badge>
          </Tooltip>
        )}
        <Text size="xs" c="dimmed" truncate title={path} className="selectable" flex={1}>
          {path}
        </Text>
        {preview.type !== "project" && (
          <Button variant="subtle" size="compact-sm" style={{ flex: "none" }} onClick={pickFolder}>
            Choose a folder
          </Button>
        )}
      </Group>
      {preview.splits.length > 0 && (
        <Text size="sm" mt={4}>
          {preview.splits.map(({ name, files }) => `${name}: ${plural(files.length, "file")}`).join(" · ")}
        </Text>
      )}
      <ReadingStrip state={state} onCancel={cancel} onAgain={() => onReplace(path)} />
      {state.status === "failed" && <Refusal error={state.error} />}
      <DatasetTabs
        // Whoever hasn't looked at anything else is shown what stands in the way.
        tab={chosenTab ?? (errors > 0 ? "problems" : "rows")}
        onTab={setChosenTab}
        marks={{
          columns: <Mark>{formatNumber(columns.length)}</Mark>,
          problems: (
            <Group gap={4} wrap="nowrap">
              {problemCount > 0 && <IconAlertTriangle size={14} color={problemColor(errors)} />}
              <Mark>{formatNumber(problemCount)}</Mark>
            </Group>
          ),
        }}
        panels={{
          rows: <RowsView source={path} stamp={stamp} total={scan?.rows ?? null} goal={goal} height="100%" />,
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
              path={path}
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
        path={path}
        scan={scan}
        reading={state.status === "running"}
        errors={errors}
        leaveLabel={leaveLabel}
        onLeave={onLeave}
        onReplace={onReplace}
        onImported={onImported}
        onBusy={onBusy}
      />
    </div>
  );
}

function problemColor(errors: number): string {
  return errors > 0 ? "var(--mantine-color-error)" : "var(--warning)";
}
