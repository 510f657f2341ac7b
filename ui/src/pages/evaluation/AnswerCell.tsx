import { Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { diffWords } from "diff";
import { memo } from "react";
import type { Answer } from "../../bindings";
import { formatLatency } from "../../format/times";
import css from "./Evaluation.module.css";

/** Characters of both texts up to which words are compared. Longer texts would take too long. */
const MOST = 4_000;

type Props = { answer: Answer | null | undefined; expected: string; short: boolean; differences: boolean };

/** An answer: whether it matches, its differences from the expected one, and its measures. */
export const AnswerCell = memo(function AnswerCell({ answer, expected, short, differences }: Props) {
  if (!answer) {
    return (
      <Text size="xs" c="dimmed">
        No answer yet
      </Text>
    );
  }
  const right = answer.exact_match === 1;
  const compared = differences && !right && answer.output.length + expected.length <= MOST;
  return (
    <>
      <div className={css.mark} data-right={right ? "yes" : "no"}>
        {right ? <IconCheck size={14} stroke={2} aria-hidden /> : <IconX size={14} stroke={2} aria-hidden />}
        {right ? "Right" : "Wrong"}
        <span className={`${css.note} tabular`}>{measured(answer, right)}</span>
      </div>
      <p className={css.text} data-short={short || undefined}>
        {compared ? <Differences from={expected.trim()} to={answer.output.trim()} /> : shown(answer.output)}
      </p>
    </>
  );
});

const shown = (text: string) => (text.trim() === "" ? "(nothing)" : text);

function measured({ rougeL, latency }: Answer, right: boolean): string {
  const parts = [];
  if (!right && rougeL != null) parts.push(`ROUGE-L ${rougeL.toFixed(2)}`);
  if (latency != null) parts.push(formatLatency(latency));
  return parts.join(" · ");
}

function Differences({ from, to }: { from: string; to: string }) {
  return diffWords(from, to).map(({ value, added, removed }, at) => {
    const key = `${at} ${value}`;
    if (added)
      return (
        <ins key={key} className={css.added} title="Not expected">
          {value}
        </ins>
      );
    if (removed)
      return (
        <del key={key} className={css.left} title="Expected, but missing">
          {value}
        </del>
      );
    return <span key={key}>{value}</span>;
  });
}
