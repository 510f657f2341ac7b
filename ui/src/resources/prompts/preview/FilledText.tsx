import { Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useRef } from "react";
import type { Part, RenderedText, TokenCount } from "../../../bindings";
import { plural } from "../../../format/texts";
import css from "./Preview.module.css";

type Props = { label: string; text: RenderedText; tokens?: boolean; problems?: boolean };

/** A template filled with a row's values. */
export function FilledText({ label, text, tokens = true, problems }: Props) {
  const parts = useReadable(text);
  return (
    <div role="group" aria-label={label} className={css.section}>
      <Group justify="space-between" gap={8}>
        <Text size="xs" fw={600}>
          {label}
        </Text>
        {tokens && text.tokens && (
          <Text size="xs" c="dimmed" className="tabular">
            {tokenCountText(text.tokens)}
          </Text>
        )}
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard */}
      <pre className={css.filled} tabIndex={0} data-stale={parts !== text.parts || undefined}>
        {parts.map((part, at) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity
            key={at}
            className={css[part.kind]}
            data-cut={part.cut || undefined}
            title={part.column ? `Column ${part.column}` : undefined}
          >
            {part.text}
          </span>
        ))}
        {parts.every((part) => part.text === "") && <span className={css.nothing}>Nothing</span>}
      </pre>
      {problems &&
        text.problems.map(({ line, character, message }) => (
          <Remark key={`${line}:${character}`} text={`Line ${line}, character ${character}: ${message}`} />
        ))}
      {text.warnings.map((warning) => (
        <Remark key={warning} text={warning} />
      ))}
    </div>
  );
}

/** The parts of a text. While an open brace prevents the rendering, the previous parts. */
function useReadable(text: RenderedText): Part[] {
  const last = useRef(text.parts);
  const broken = text.parts.length === 0 && text.problems.length > 0;
  if (!broken) last.current = text.parts;
  return last.current;
}

function Remark({ text }: { text: string }) {
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" className={css.remark}>
      <IconAlertTriangle size={14} className={css.sign} aria-hidden />
      <Text size="xs">{text}</Text>
    </Group>
  );
}

export function tokenCountText({ count, exact }: TokenCount): string {
  const number = plural(count, "token");
  return exact ? number : `about ${number}`;
}
