import { Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { diagnoseDataset, type FileSource } from "../../../api/datasetFiles";
import type { Diagnosis, Problem } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import { plural } from "../../../format/texts";
import type { Goal } from "../preview/RowsView";
import { useWholeFile } from "../useWholeFile";
import { WholeFileState } from "../WholeFileState";
import { Conversions } from "./Conversions";
import { ProblemKinds } from "./ProblemKinds";
import { ProblemList } from "./ProblemList";
import { kindOf } from "./problemKinds";
import { SaveProblems } from "./SaveProblems";
import { shapeLabels } from "./shapeLabels";

export function useDoctor(source: FileSource, stamp: string, when = true) {
  return useWholeFile<Diagnosis>("diagnosis", source, stamp, diagnoseDataset, when);
}

type Props = {
  /** The id of a dataset, or the path of a file. */
  source: FileSource;
  doctor: ReturnType<typeof useDoctor>;
  /** Problems that are shown elsewhere. */
  known?: Problem[];
  onShow: (goal: Goal) => void;
  /** Imports a file that was converted from this one. */
  onImport: (path: string) => void;
};

/** The shape of the rows as training examples, and the problems of single rows. */
export function Doctor({ source, doctor, known = [], onShow, onImport }: Props) {
  const { state, start, cancel } = doctor;
  const [kind, setKind] = useState<string | null>(null);
  if (state.status !== "done") {
    return <WholeFileState state={state} label="Looking at every row" onStop={cancel} onAgain={start} />;
  }
  const { errors, warnings } = state.result;
  const problems = unknown(state.result.problems, known);
  const total = errors + warnings - (state.result.problems.length - problems.length);
  const shown = kind === null ? problems : problems.filter((problem) => kindOf(problem) === kind);
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <ShapeFacts diagnosis={state.result} />
        {state.result.conversions.length > 0 && (
          <Conversions source={source} diagnosis={state.result} onShow={onShow} onImport={onImport} />
        )}
      </Group>
      <ProblemKinds problems={problems} total={total} chosen={kind} onChoose={setKind} />
      <ProblemList
        label="Problems of the rows"
        problems={shown}
        total={kind === null ? total : shown.length}
        none="No problems found."
        onShow={onShow}
      />
      {total > problems.length && <SaveProblems source={source} path={state.result.path} />}
    </Stack>
  );
}

/** The problems that are not among the known ones. */
export function unknown(problems: Problem[], known: Problem[]): Problem[] {
  return problems.filter(
    ({ line, message }) => !known.some((one) => one.line === line && one.message === message),
  );
}

/** The detected shape with its reason, and the number of rows that fit it. */
export function ShapeFacts({
  diagnosis: { shape, why, rows, bad_rows, duplicates },
}: {
  diagnosis: Diagnosis;
}) {
  const counts = [
    plural(rows, "row"),
    bad_rows === 0
      ? "all can be trained on"
      : `${formatNumber(bad_rows)} can't be trained on as ${bad_rows === 1 ? "it is" : "they are"}`,
    ...(duplicates === 0 ? [] : [`${formatNumber(duplicates)} the same as an earlier one`]),
  ];
  return (
    <section aria-label="Shape of the rows">
      <Text size="sm" fw={600}>
        {shapeLabels[shape]}
      </Text>
      <Text size="sm">{why}</Text>
      <Text size="sm" c="dimmed" className="tabular">
        {counts.join(", ")}.
      </Text>
    </section>
  );
}
