import { Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import type { JudgedAnswer, Judgment } from "../../bindings";
import { formatMeasure } from "../../format/numbers";
import { plural } from "../../format/texts";
import css from "./Evaluation.module.css";
import { margin } from "./measures";

type Props = { judgment: Judgment | null | undefined; open: boolean };

/** Which answer a model prefers and by how much; opened, with the numbers of each answer. */
export function JudgmentCell({ judgment, open }: Props) {
  if (!judgment) {
    return (
      <Text size="xs" c="dimmed">
        Not compared yet
      </Text>
    );
  }
  const { right, answers } = judgment;
  const [first, second] = answers;
  const number = judgment.margin ?? first?.reward ?? null;
  const Icon = right ? IconCheck : IconX;
  return (
    <>
      <div className={css.mark} data-right={right === null ? undefined : right ? "yes" : "no"}>
        {right !== null && <Icon size={14} stroke={2} aria-hidden />}
        {right === null ? "No reference" : right ? "Right" : "Wrong"}
        {number !== null && <span className={`${css.note} tabular`}>{margin(number)}</span>}
      </div>
      {open && first && (
        <dl className={css.judged}>
          <dt>{second ? "Chosen" : "Answer"}</dt>
          <dd>{numbersOf(first)}</dd>
          {second && (
            <>
              <dt>Rejected</dt>
              <dd>{numbersOf(second)}</dd>
            </>
          )}
        </dl>
      )}
    </>
  );
}

function numbersOf({ reward, logps, tokens }: JudgedAnswer): string {
  const parts = [];
  if (reward !== null) parts.push(`reward ${margin(reward)}`);
  if (logps !== null) parts.push(`log-probability ${formatMeasure(logps)}`);
  parts.push(plural(tokens, "token"));
  return parts.join(", ");
}
