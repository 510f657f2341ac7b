import { expect, test } from "vitest";
import { type Segment, segmentsOf } from "./segments";

const written = (segments: Segment[]) =>
  segments
    .map(({ text, learned, cut, special }) => {
      const shown = special ? `<${text}>` : text;
      return `${cut ? "-" : ""}${learned ? `[${shown}]` : shown}`;
    })
    .join("|");

test("loss is counted in code points, and special tokens stand alone", () => {
  // The smile is one code point and two units of UTF-16.
  const text = "☺\u{1f600}Q<end>A<end>";
  const segments = segmentsOf({ text, loss: [[8, 14]], cut: null }, ["<end>"]);
  expect(written(segments)).toBe("☺\u{1f600}Q|<<end>>|[A]|[<<end>>]");
  expect(segments.map(({ text }) => text).join("")).toBe(text);
});

test("what is behind the limit is cut, learned or not", () => {
  const rendered = { text: "abcdef", loss: [[1, 2] as [number, number], [4, 6] as [number, number]], cut: 5 };
  expect(written(segmentsOf(rendered, []))).toBe("a|[b]|cd|[e]|-[f]");
});

test("of special tokens the longest that fits is taken", () => {
  expect(written(segmentsOf({ text: "<s><s>>", loss: [], cut: null }, ["<s>", "<s>>", ""]))).toBe(
    "<<s>>|<<s>>>",
  );
});
