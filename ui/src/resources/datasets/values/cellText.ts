import type { JsonValue } from "../../../bindings";

/** Characters of a value that a cell lays out. It shows a few dozen; whole documents would be slow. */
const LONGEST = 300;

/** A value on one line, for a cell of a grid. */
export function oneLine(value: JsonValue): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.slice(0, LONGEST).replaceAll(/\s*\n\s*/g, " ↵ ");
}

/** The whole value as text: a string as it is, anything else as indented JSON. */
export function fullText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
