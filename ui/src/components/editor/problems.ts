// Marks in the editor: the first syntax error, and problems that are passed in.
import { syntaxTree } from "@codemirror/language";
import { type Diagnostic, linter } from "@codemirror/lint";
import type { EditorState, Extension, Text } from "@codemirror/state";
import type { Language } from "./Editor";

/** A problem at a place of the text. */
export type Place = {
  /** Counted from one. */
  line: number;
  /** Counted from one, in characters (not in the units of a JavaScript string). */
  character: number;
  /** In characters; one if absent. */
  length?: number;
  message: string;
  severity?: "error" | "warning";
  /** A replacement, offered with the message. */
  fix?: { label: string; text: string };
};

/** The offset of a place in the document. Places beyond a line or the document give the nearest offset. */
export function offsetOf(doc: Text, line: number, character: number): number {
  const { from, to, text } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const before = [...text].slice(0, Math.max(character - 1, 0)).join("");
  return Math.min(from + before.length, to);
}

export function problemMarks(language: Language, places: Place[]): Extension {
  if (language === "text" && places.length === 0) return [];
  return linter(({ state }) => [...syntaxProblem(language, state), ...diagnosticsOf(state.doc, places)], {
    delay: 150,
  });
}

function diagnosticsOf(doc: Text, places: Place[]): Diagnostic[] {
  return places.map(({ line, character, length = 1, message, severity = "error", fix }) => {
    const from = offsetOf(doc, line, character);
    const to = Math.max(offsetOf(doc, line, character + length), from);
    return {
      from,
      to,
      message,
      severity,
      actions: fix && [
        {
          name: fix.label,
          apply: (view, from, to) => view.dispatch({ changes: { from, to, insert: fix.text } }),
        },
      ],
    };
  });
}

/** The first syntax error, from the parser's tree: messages of `JSON.parse` differ between web views. */
function syntaxProblem(language: Language, state: EditorState): Diagnostic[] {
  if (language === "text" || state.doc.toString().trim() === "") return [];
  let at: number | undefined;
  syntaxTree(state).iterate({
    enter: ({ type, from }) => {
      if (type.isError) at ??= from;
      return at === undefined;
    },
  });
  if (at === undefined) return [];
  const message = `This is not valid ${language.toUpperCase()} from here on.`;
  return [{ from: at, to: Math.min(at + 1, state.doc.length), severity: "error", message }];
}
