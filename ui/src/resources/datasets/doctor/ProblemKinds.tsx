import { Chip, Group } from "@mantine/core";
import type { Problem } from "../../../bindings";
import { amount } from "../../../components/words";
import { kindsOf } from "./words";

type Props = { problems: Problem[]; chosen: string | null; onChoose: (kind: string | null) => void };

/** How many problems there are of each kind; choosing one shows only those. */
export function ProblemKinds({ problems, chosen, onChoose }: Props) {
  const kinds = kindsOf(problems);
  if (kinds.length < 2) return null;
  return (
    <Group gap={6} role="group" aria-label="Kinds of problems">
      {kinds.map(({ kind, severity, count }) => (
        <Chip
          key={kind}
          size="xs"
          variant="outline"
          color={severity === "error" ? "red" : "yellow"}
          checked={chosen === kind}
          onChange={() => onChoose(chosen === kind ? null : kind)}
        >
          {kind} <b className="tabular">{amount(count)}</b>
        </Chip>
      ))}
    </Group>
  );
}
