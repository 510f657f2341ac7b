import { Text } from "@mantine/core";
import { IconTool } from "@tabler/icons-react";
import { answerParts, type Part, type ToolCall } from "./answerParts";
import css from "./Chat.module.css";
import { Markdown } from "./Markdown";

type Props = { text: string; prompt: string | null; streaming: boolean; exact: boolean };

/** An answer: its reasoning folded, its calls of tools apart, its text formatted or exact. */
export function AnswerText({ text, prompt, streaming, exact }: Props) {
  if (exact) return <pre className={css.exact}>{text}</pre>;
  return answerParts(text, prompt).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text grows at its end
    <AnswerPart key={at} part={part} streaming={streaming} />
  ));
}

function AnswerPart({ part, streaming }: { part: Part; streaming: boolean }) {
  switch (part.kind) {
    case "reasoning":
      return (
        <details className={css.reasoning}>
          <summary>{part.open && streaming ? "Reasoning…" : "Reasoning"}</summary>
          <div>{part.text}</div>
        </details>
      );
    case "call":
      return <Call call={part.call} />;
    case "text":
      return <Markdown text={part.text} streaming={streaming} />;
  }
}

function Call({ call }: { call: ToolCall }) {
  return (
    <section className={css.call} aria-label={`Call of ${call.name}`}>
      <Text size="xs" fw={600} className={css.callName}>
        <IconTool size={14} stroke={1.8} aria-hidden /> Calls {call.name}
      </Text>
      <dl>
        {Object.entries(call.arguments).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
