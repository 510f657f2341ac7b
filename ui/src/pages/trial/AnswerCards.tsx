import { Loader, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useRow } from "../../api/store";
import { CopyButton } from "../../components/clipboard";
import { formatLatency } from "../../format/times";
import type { Heard, Said } from "./answers";
import css from "./Trial.module.css";

/** The answers, side by side, as they come. */
export function AnswerCards({ heard, expected }: { heard: Heard; expected: string | null }) {
  if (heard.targets.length === 0) return null;
  const next = heard.targets.find((target) => !heard.answers[target]?.done);
  return (
    <div
      className={css.cards}
      style={{ gridTemplateColumns: `repeat(${heard.targets.length}, minmax(220px, 1fr))` }}
    >
      {heard.targets.map((target) => (
        <Card
          key={target}
          target={target}
          said={heard.answers[target]}
          at={heard.asking !== null && target === next}
          waits={heard.asking !== null}
          expected={expected}
        />
      ))}
    </div>
  );
}

type CardProps = {
  target: string;
  said: Said | undefined;
  at: boolean;
  waits: boolean;
  expected: string | null;
};

function Card({ target, said, at, waits, expected }: CardProps) {
  const base = target === "base";
  const { data } = useRow("adapters", target, !base);
  const name = base ? "Base model" : (data?.label ?? "Adapter");
  const right = expected !== null && said?.done && said.text.trim() === expected.trim();
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
        {said?.text && <CopyButton value={said.text} what={`answer of ${name}`} />}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard */}
      <div className={css.answer} tabIndex={0} aria-live={at ? "off" : "polite"}>
        {said?.text || (
          <Text size="xs" c="dimmed" span ff="text">
            {said?.done ? "(nothing)" : at ? "" : waits ? "Waiting" : "Not answered"}
          </Text>
        )}
      </div>
      <footer className="tabular">{said?.done && measured(said.done)}</footer>
    </section>
  );
}

function measured({ inputTokens, outputTokens, seconds, cancelled }: NonNullable<Said["done"]>): string {
  const parts = [];
  if (cancelled) parts.push("Stopped");
  if (inputTokens !== null) parts.push(`${inputTokens} tokens in`);
  if (outputTokens !== null) parts.push(`${outputTokens} out`);
  if (seconds !== null) parts.push(formatLatency(seconds));
  if (seconds && outputTokens) parts.push(`${(outputTokens / seconds).toFixed(1)} tokens a second`);
  return parts.join(" · ");
}
