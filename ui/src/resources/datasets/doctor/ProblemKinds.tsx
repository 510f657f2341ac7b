import { Chip, Group, Text } from "@mantine/core";
import type { Problem } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import { kindsOf } from "./problemKinds";

type Props = {
  problems: Problem[];
  /** The number of all problems. `problems` may hold only the first of them. */
  total: number;
  chosen: string | null;
  onChoose: (kind: string | null) => void;
};

/** The kinds of problems with their counts, as a filter. */
export function ProblemKinds({ problems, total, chosen, onChoose }: Props) {
  const kinds = kindsOf(problems);
  if (kinds.length < 2) return null;
  return (
    <Group gap={6} role="group" aria-label="Kinds of problems">
      {total > problems.length && (
        <Text size="xs" c="dimmed">
          Of the first {formatNumber(problems.length)}:
        </Text>
      )}
      {kinds.map(({ kind, severity, count }) => (
        <Chip
          key={kind}
          size="xs"
          variant="outline"
          color={severity === "error" ? "red" : "yellow"}
          checked={chosen === kind}
          onChange={() => onChoose(chosen === kind ? null : kind)}
        >
          {kind} <b className="tabular">{formatNumber(count)}</b>
        </Chip>
      ))}
    </Group>
  );
}
