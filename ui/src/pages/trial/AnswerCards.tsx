import { Loader, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useRow } from "../../api/store";
import { CopyButton } from "../../components/clipboard";
import { formatLatency } from "../../format/times";
import css from "./Trial.module.css";
import type { TargetAnswer, TrialState } from "./trialState";

/** The answers side by side, while they are generated. */
export function AnswerCards({ state, expected }: { state: TrialState; expected: string | null }) {
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
  const base = target === "base";
  const { data } = useRow("adapters", target, !base);
  const name = base ? "Base model" : (data?.label ?? "Adapter");
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
      <footer className="tabular">{answer?.done && measured(answer.done)}</footer>
    </section>
  );
}

function measured({
  inputTokens,
  outputTokens,
  seconds,
  cancelled,
}: NonNullable<TargetAnswer["done"]>): string {
  const parts = [];
  if (cancelled) parts.push("Stopped");
  if (inputTokens !== null) parts.push(`${inputTokens} tokens in`);
  if (outputTokens !== null) parts.push(`${outputTokens} out`);
  if (seconds !== null) parts.push(formatLatency(seconds));
  if (seconds && outputTokens) parts.push(`${(outputTokens / seconds).toFixed(1)} tokens per second`);
  return parts.join(" · ");
}
