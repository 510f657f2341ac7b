import { Loader, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { CopyButton } from "../../../components/clipboard";
import { cutText, measuredText } from "../measured";
import css from "../Trial.module.css";
import { useTargetName } from "../useTargetName";
import type { AnswersState, TargetAnswer } from "./answers";

/** The answers side by side, while they are generated. */
export function AnswerCards({ state, expected }: { state: AnswersState; expected: string | null }) {
  if (state.targets.length === 0) return null;
  const next = state.targets.find((target) => !state.answers[target]?.done);
  return (
    <div
      className={css.cards}
      style={{ gridTemplateColumns: `repeat(${state.targets.length}, minmax(220px, 1fr))` }}
    >
      {state.targets.map((target) => (
        <Card
          key={target}
          target={target}
          answer={state.answers[target]}
          at={state.asking !== null && target === next}
          waits={state.asking !== null}
          expected={expected}
        />
      ))}
    </div>
  );
}

type CardProps = {
  target: string;
  answer: TargetAnswer | undefined;
  at: boolean;
  waits: boolean;
  expected: string | null;
};

function Card({ target, answer, at, waits, expected }: CardProps) {
  const name = useTargetName(target);
  const right = expected !== null && answer?.done && answer.text.trim() === expected.trim();
  return (
    <section className={css.card} aria-label={name} aria-busy={at}>
      <header>
        <Text size="sm" fw={600} truncate>
          {name}
        </Text>
        {at && <Loader size={14} aria-label="Answering" />}
        {right && (
          <Text size="xs" c="var(--placeholder-text)" className={css.right}>
            <IconCheck size={14} stroke={2} aria-hidden /> As expected
          </Text>
        )}
        {answer?.text && <CopyButton value={answer.text} what={`answer of ${name}`} />}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard */}
      <div className={css.answer} tabIndex={0} aria-live={at ? "off" : "polite"}>
        {answer?.text || (
          <Text size="xs" c="dimmed" span ff="text">
            {answer?.done ? "(nothing)" : at ? "" : waits ? "Waiting" : "Not answered"}
          </Text>
        )}
      </div>
      <footer className="tabular">
        {answer?.done && measuredText(answer.done)}
        {answer?.done?.cut && <div className={css.cut}>{cutText(answer.done)}</div>}
      </footer>
    </section>
  );
}
