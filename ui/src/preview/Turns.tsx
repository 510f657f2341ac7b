import { Badge, Text } from "@mantine/core";
import type { PreviewedText, PreviewedTurn } from "../bindings";
import spoken from "../components/Turns.module.css";
import { capitalize, plural } from "../format/texts";
import css from "./Preview.module.css";

/** A conversation as a person reads it, with the length of each turn and whether it is learned. */
export function Turns({ label, text }: { label: string; text: PreviewedText }) {
  const { messages, turns, loss, tokens, cut } = text;
  // A template may join messages, or leave one out: then turns and messages are not the same.
  const located = turns.length === messages.length;
  const end = cut ?? Number.POSITIVE_INFINITY;
  const isLearned = (turn: PreviewedTurn) =>
    loss.some(([from, to]) => from < Math.min(turn.end, end) && to > turn.start);
  return (
    <ol className={spoken.turns} aria-label={label}>
      {messages.map(({ role, content, rest }, at) => {
        const turn = located ? turns[at] : undefined;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity but their place
          <li key={at} className={spoken.turn} data-role={role}>
            <div className={css.heading}>
              <b className={spoken.speaker}>{capitalize(role)}</b>
              <span style={{ flex: 1 }} />
              {turn && isLearned(turn) && (
                <Badge size="xs" variant="light" color="teal" tt="none" c="var(--placeholder-text)">
                  learned
                </Badge>
              )}
              {turn && turn.end > end && (
                <Badge size="xs" variant="light" color="yellow" tt="none" c="var(--warning)">
                  {turn.start < end ? "cut short" : "cut off"}
                </Badge>
              )}
              <Text span inherit c="dimmed" className="tabular">
                {located && turnLength(turns, at, tokens.exact)}
              </Text>
            </div>
            {content !== "" && <div className={spoken.said}>{content}</div>}
            {content === "" && rest === "" && (
              <Text size="sm" c="dimmed" fs="italic">
                empty message
              </Text>
            )}
            {rest !== "" && <pre className={css.rest}>{rest}</pre>}
          </li>
        );
      })}
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
