// Reads and writes single settings of a JSON text. Order, spacing and everything else in the text
// stay unchanged.
import { applyEdits, findNodeAtLocation, modify, type Node, type ParseError, parseTree } from "jsonc-parser";
import type { JsonValue } from "../../../bindings";

export type Settings = Map<string, { value: JsonValue; text: string; at: number; length: number }>;

const strict = { disallowComments: true, allowTrailingComma: false };

/** The text with a blank for a byte-order mark, which is read over, so that all offsets stay. */
const withoutMark = (text: string) => text.replace(/^\uFEFF/, " ");

/** The settings of a text by name, in its order; null if it is not a JSON object. */
export function settingsIn(text: string): Settings | null {
  if (text.trim() === "") return new Map();
  const errors: ParseError[] = [];
  const tree = parseTree(withoutMark(text), errors, strict);
  if (!tree || errors.length > 0 || tree.type !== "object") return null;
  const pairs = (tree.children ?? []).map(({ children = [] }) => children as [Node, Node]);
  return new Map(
    pairs.map(([name, value]) => {
      const written = text.slice(value.offset, value.offset + value.length);
      return [
        String(name.value),
        { value: JSON.parse(written), text: written, at: name.offset, length: name.length },
      ];
    }),
  );
}

/** The text with one setting replaced; null removes the setting. A new one is added at the end. */
export function withSetting(text: string, name: string, written: string | null): string {
  const whole = text.trim() === "" ? "{}" : text;
  const tree = parseTree(withoutMark(whole), [], strict);
  if (!tree) return text;
  const node = findNodeAtLocation(tree, [name]);
  if (written === null) return node ? applyEdits(whole, modify(whole, [name], undefined, {})) : text;
  if (node) return put(whole, node.offset, node.offset + node.length, written);
  const pair = `${JSON.stringify(name)}: ${written}`;
  const last = tree.children?.at(-1);
  if (!last) return put(whole, tree.offset, tree.offset + tree.length, `{\n  ${pair}\n}`);
  // On a line of its own, if the setting before is.
  const [line] = /\n[ \t]*$/.exec(whole.slice(0, last.offset)) ?? [" "];
  const end = last.offset + last.length;
  return put(whole, end, end, `,${line}${pair}`);
}

function put(text: string, from: number, to: number, written: string): string {
  return text.slice(0, from) + written + text.slice(to);
}

/** The line and the character of an offset, both from 1. Characters are code points. */
export function placeAt(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, character: [...(before.at(-1) ?? "")].length + 1 };
}
