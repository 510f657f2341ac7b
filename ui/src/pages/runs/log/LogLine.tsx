import { Mark } from "@mantine/core";
import { memo } from "react";
import css from "./Log.module.css";

type Props = { text: string; words: string; current: boolean; top: number };

/** One line of a log, unwrapped, with the matches of the search marked. */
export const LogLine = memo(function LogLine({ text, words, current, top }: Props) {
  return (
    <div
      className={css.line}
      data-current={current || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      {words ? marked(text, words) : text}
    </div>
  );
});

function marked(text: string, words: string) {
  const [low, wanted] = [text.toLowerCase(), words.toLowerCase()];
  const pieces = [];
  let from = 0;
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
    pieces.push(text.slice(from, at), <Mark key={at}>{text.slice(at, at + wanted.length)}</Mark>);
    from = at + wanted.length;
  }
  return [...pieces, text.slice(from)];
}
