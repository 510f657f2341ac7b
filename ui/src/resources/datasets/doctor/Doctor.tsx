import { Badge, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { commands, type Diagnosis, type Problem } from "../../../bindings";
import { amount } from "../../../components/words";
import type { Goal } from "../preview/RowsView";
import { useWholeFile } from "../useWholeFile";
import { WholeFileState } from "../WholeFileState";
import { countedRows } from "../words";
import { ProblemKinds } from "./ProblemKinds";
import { ProblemList } from "./ProblemList";
import { kindOf, shapeWords } from "./words";

export function useDoctor(source: string, stamp: string, when = true) {
  return useWholeFile<Diagnosis>("diagnosis", source, stamp, commands.diagnoseDataset, when);
}

type Props = {
  doctor: ReturnType<typeof useDoctor>;
  /** Problems that are told elsewhere already. */
  known?: Problem[];
  onShow: (goal: Goal) => void;
};

/** What kind of training example the rows are, and every row that is not one. */
export function Doctor({ doctor: { state, start, cancel }, known = [], onShow }: Props) {
  const [kind, setKind] = useState<string | null>(null);
  if (state.status !== "done") {
    return <WholeFileState state={state} label="Looking at every row" onStop={cancel} onAgain={start} />;
  }
  const { errors, warnings } = state.result;
  const problems = unknown(state.result.problems, known);
  const shown = kind === null ? problems : problems.filter((problem) => kindOf(problem) === kind);
  return (
    <Stack gap="sm">
      <ShapeFacts diagnosis={state.result} />
      <ProblemKinds problems={problems} chosen={kind} onChoose={setKind} />
      <ProblemList
        label="Problems of the rows"
        problems={shown}
        total={
          kind === null ? errors + warnings - (state.result.problems.length - problems.length) : shown.length
        }
        none="No row has a problem."
        onShow={onShow}
      />
    </Stack>
  );
}

/** The problems that are not among those told already. */
export function unknown(problems: Problem[], known: Problem[]): Problem[] {
  return problems.filter(
    ({ line, message }) => !known.some((one) => one.line === line && one.message === message),
  );
}

/** The recognised shape with its reason, and how many rows fit it. */
export function ShapeFacts({
  diagnosis: { shape, why, rows, bad_rows, duplicates },
}: {
  diagnosis: Diagnosis;
}) {
  const counts = [
    countedRows(rows),
    bad_rows === 0 ? "all can be trained on" : `${amount(bad_rows)} can't be trained on as they are`,
    ...(duplicates === 0 ? [] : [`${amount(duplicates)} the same as an earlier one`]),
  ];
  return (
    <section aria-label="Shape of the rows">
      <Group gap="xs" wrap="nowrap" align="baseline">
        <Badge variant="default" tt="none" style={{ flex: "none" }}>
          {shapeWords[shape]}
        </Badge>
        <Text size="sm">{why}</Text>
      </Group>
      <Text size="sm" c="dimmed" className="tabular" mt={4}>
        {counts.join(", ")}.
      </Text>
    </section>
  );
}
