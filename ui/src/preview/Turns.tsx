import { Badge, Text } from "@mantine/core";
import type { PreviewedText, PreviewedTurn } from "../bindings";
import { capitalize, plural } from "../format/texts";
import css from "./Preview.module.css";

/** A conversation as a person reads it, with the length of each turn and whether it is learned. */
export function Turns({ label, text }: { label: string; text: PreviewedText }) {
  const { messages, turns, loss, tokens } = text;
  // A template may join messages, or leave one out: then turns and messages are not the same.
  const located = turns.length === messages.length;
  const isLearned = (at: number) => {
    const turn = located ? turns[at] : undefined;
    return turn !== undefined && loss.some(([start, end]) => start < turn.end && end > turn.start);
  };
  return (
    <ol className={css.turns} aria-label={label}>
      {messages.map(({ role, content, rest }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity but their place
        <li key={at} className={css.turn} data-role={role}>
          <div className={css.speaker}>
            <b>{capitalize(role)}</b>
            <span style={{ flex: 1 }} />
            {isLearned(at) && (
              <Badge size="xs" variant="light" color="teal" tt="none" c="var(--placeholder-text)">
                learned
              </Badge>
            )}
            <Text span inherit c="dimmed" className="tabular">
              {located && turnLength(turns, at, tokens.exact)}
            </Text>
          </div>
          {content !== "" && <div className={css.said}>{content}</div>}
          {content === "" && rest === "" && (
            <Text size="sm" c="dimmed" fs="italic">
              empty message
            </Text>
          )}
          {rest !== "" && <pre className={css.rest}>{rest}</pre>}
        </li>
      ))}
    </ol>
  );
}

/** The length of a turn. A system prompt that a template writes into the turn after it is counted there. */
function turnLength(turns: PreviewedTurn[], at: number, exact: boolean): string {
  const [turn, before] = [turns[at], turns[at - 1]];
  if (!turn || turn.start === turn.end) return "";
  const joined = before !== undefined && before.start === before.end;
  return `${exact ? "" : "about "}${plural(turn.tokens, "token")}${joined ? " with the message above" : ""}`;
}
