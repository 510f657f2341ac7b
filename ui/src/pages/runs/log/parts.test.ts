import { expect, test } from "vitest";
import type { LogPart } from "../../../bindings";
import { append, before, lineCount, linesOf, noLog, prepend } from "./parts";

/** The part of a file as the core would give it. */
function of(file: string, start: number, end = file.length): LogPart {
  return { text: file.slice(start, end), start, end, size: file.length };
}

test("lines that come in pieces are whole lines", () => {
  const file = "one\ntwo\nthree\n";
  const log = [of(file, 0, 6), of(file, 6, 11), of(file, 11)].reduce(
    (log, part) => append(log, part, 100),
    noLog,
  );
  expect(linesOf(log)).toEqual(["one", "two", "three"]);
  expect(log.parts.at(-1)?.open).toBe(false);
});

test("nothing new changes nothing", () => {
  const log = append(noLog, of("one\n", 0), 100);
  expect(append(log, { text: "", start: 4, end: 4, size: 4 }, 100)).toBe(log);
});

test("a part that does not join on takes the place of what was read", () => {
  const log = append(noLog, { text: "old\n", start: 0, end: 4, size: 4 }, 100);
  const next = append(log, { text: "new\n", start: 900, end: 904, size: 904 }, 100);
  expect(linesOf(next)).toEqual(["new"]);
  expect(before(next)).toBe(900);
});

test("a talkative log keeps its last lines, and knows where the others are", () => {
  const line = "0123456789\n";
  let log = noLog;
  for (let n = 0; n < 40; n++) {
    const text = line.repeat(100);
    const start = n * text.length;
    log = append(log, { text, start, end: start + text.length, size: start + text.length }, 1000);
  }
  expect(lineCount(log)).toBeGreaterThanOrEqual(1000);
  expect(lineCount(log)).toBeLessThan(1200);
  expect(before(log)).toBe(4000 * line.length - lineCount(log) * line.length);
});

test("earlier lines begin with a whole one, wherever the part was cut", () => {
  const file = "grün\nzwei\ndrei\n";
  const bytes = new TextEncoder().encode(file);
  const text = (start: number, end: number) => new TextDecoder().decode(bytes.slice(start, end));
  const log = append(noLog, { text: "drei\n", start: 11, end: 16, size: 16 }, 100);
  const more = prepend(log, { text: text(1, 11), start: 1, end: 11, size: 16 });
  expect(linesOf(more)).toEqual(["zwei", "drei"]);
  expect(before(more)).toBe(6);
  const all = prepend(more, { text: text(0, 6), start: 0, end: 6, size: 16 });
  expect(linesOf(all)).toEqual(["grün", "zwei", "drei"]);
});

test("a line that was written over shows what stands last, without colors", () => {
  const log = append(noLog, of(" 10%\r 50%\r100%\r\n\u001b[31mred\u001b[0m\n", 0), 100);
  expect(linesOf(log)).toEqual(["100%", "red"]);
});
