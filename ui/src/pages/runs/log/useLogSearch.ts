import { useMemo, useState } from "react";

/** Searches lines without regard to case, and walks through the matches. */
export function useLogSearch(lines: string[], showLine: (index: number) => void) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const matches = useMemo(() => matchesIn(lines, text), [lines, text]);
  const position = Math.min(at, matches.length - 1);

  const show = (index: number) => {
    if (matches.length === 0) return;
    const next = (index + matches.length) % matches.length;
    setAt(next);
    showLine(matches[next] ?? 0);
  };
  return {
    text,
    count: matches.length,
    /** The place of the current match among all, from 0; -1 without a match. */
    position,
    /** The line of the current match. */
    currentLine: matches[position],
    search: (typed: string) => {
      setText(typed);
      const found = matchesIn(lines, typed);
      // A log is read from its end: the last match is shown first.
      const last = found.length - 1;
      setAt(Math.max(0, last));
      if (last >= 0) showLine(found[last] ?? 0);
    },
    next: () => show(position + 1),
    previous: () => show(position - 1),
  };
}

export type LogSearch = ReturnType<typeof useLogSearch>;

function matchesIn(lines: string[], text: string): number[] {
  const wanted = text.toLowerCase();
  if (!wanted) return [];
  return lines.flatMap((line, at) => (line.toLowerCase().includes(wanted) ? [at] : []));
}
