// A log in memory: consecutive parts of the file, which can be extended at both ends.
import type { LogPart } from "../../../bindings";

export type Part = {
  start: number;
  end: number;
  lines: string[] /** The last line is not ended yet. */;
  open: boolean;
};

export type Log = { parts: Part[]; size: number };

/** Lines kept while the log is followed, about as many as a terminal keeps. */
export const MOST_LINES = 5_000;
/** Lines kept while the user reads further up. Later ones are not loaded. */
export const MOST_READ = 30_000;

export const noLog: Log = { parts: [], size: 0 };

export const lineCount = ({ parts }: Log) => parts.reduce((sum, { lines }) => sum + lines.length, 0);

export const linesOf = ({ parts }: Log): string[] => parts.flatMap(({ lines }) => lines);

/** The offset of the first loaded byte. */
export const before = ({ parts }: Log) => parts[0]?.start ?? 0;

function part({ text, start, end }: LogPart): Part {
  const open = !text.endsWith("\n");
  const lines = text.split("\n").map(shown);
  return { start, end, open, lines: open ? lines : lines.slice(0, -1) };
}

/** A line as a terminal shows it: the text after the last carriage return, without color codes. */
function shown(line: string): string {
  const whole = line.replace(/\r+$/, "");
  const last = whole.slice(whole.lastIndexOf("\r") + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: color codes start with the escape character
  return last.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "");
}

/** Adds a part at the end. A part that does not adjoin replaces the log. */
export function append(log: Log, read: LogPart, most: number): Log {
  const last = log.parts.at(-1);
  if (read.text === "") return log.size === read.size ? log : { ...log, size: read.size };
  const next = part(read);
  if (!last || last.end !== read.start) return { parts: [next], size: read.size };
  const parts = log.parts.slice(0, -1);
  if (last.open) {
    const [first = "", ...rest] = next.lines;
    const joined = (last.lines.at(-1) ?? "") + first;
    parts.push({
      start: last.start,
      end: next.end,
      open: next.open,
      lines: [...last.lines.slice(0, -1), joined, ...rest],
    });
  } else parts.push(last, next);
  return trimmed({ parts, size: read.size }, most);
}

/** Adds a part at the beginning, from its first complete line on. */
export function prepend(log: Log, read: LogPart): Log {
  if (read.text === "") return log;
  const cut = read.start === 0 ? 0 : read.text.indexOf("\n") + 1;
  const start = read.start + new TextEncoder().encode(read.text.slice(0, cut)).length;
  return { ...log, parts: [part({ ...read, text: read.text.slice(cut), start }), ...log.parts] };
}

/** Drops parts from the front while at least `most` lines are left. */
function trimmed(log: Log, most: number): Log {
  let [count, from] = [lineCount(log), 0];
  for (const { lines } of log.parts.slice(0, -1)) {
    if (count - lines.length < most) break;
    count -= lines.length;
    from++;
  }
  return from === 0 ? log : { ...log, parts: log.parts.slice(from) };
}
