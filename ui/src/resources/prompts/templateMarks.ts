// Templates in the editor: colored placeholders, and completion of column names after a brace.
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  completionStatus,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, MatchDecorator, ViewPlugin } from "@codemirror/view";

const brace = Decoration.mark({ class: "cm-doubled-brace" });
const column = Decoration.mark({ class: "cm-column" });
const unknown = Decoration.mark({ class: "cm-no-column" });

/** `columns` are those of the dataset. If they are unknown (empty), every name counts as a column. */
export function templateMarks(columns: string[]): Extension {
  const known = new Set(columns);
  const decorator = new MatchDecorator({
    regexp: /\{\{|\}\}|\{([^{}]+)\}/g,
    decoration: ([, name]) => {
      if (name === undefined) return brace;
      return known.size === 0 || known.has(name) ? column : unknown;
    },
  });
  const colors = ViewPlugin.define(
    (view) => {
      const plugin: { marks: DecorationSet; update: (update: ViewUpdate) => void } = {
        marks: decorator.createDeco(view),
        update: (update) => {
          plugin.marks = decorator.updateDeco(update, plugin.marks);
        },
      };
      return plugin;
    },
    { decorations: ({ marks }) => marks },
  );
  return [colors, autocompletion({ override: [offer(columns)], icons: false }), escapeCloses, look];
}

type ViewUpdate = Parameters<MatchDecorator["updateDeco"]>[0];

/** Completes columns after an opening brace. */
function offer(columns: string[]) {
  const options = columns.map(
    (name): Completion => ({
      label: name,
      apply: (view, _, from, to) => {
        const end = view.state.sliceDoc(to, to + 1) === "}" ? to + 1 : to;
        const insert = `${name}}`;
        view.dispatch({ changes: { from, to: end, insert }, selection: { anchor: from + insert.length } });
      },
    }),
  );
  return (context: CompletionContext) => {
    const before = context.matchBefore(/\{[^{}\n]*/);
    if (!before || context.state.sliceDoc(before.from - 1, before.from) === "{") return null;
    return { from: before.from + 1, options, validFor: /^[^{}\n]*$/ };
  };
}

/** While completions are open, Escape closes them and not the dialog. */
const escapeCloses = EditorView.contentAttributes.of(
  ({ state }): Record<string, string> =>
    completionStatus(state) ? { "data-mantine-stop-propagation": "true" } : {},
);

const look = EditorView.theme({
  ".cm-column": { color: "var(--placeholder-text)", background: "var(--placeholder)", borderRadius: "3px" },
  ".cm-no-column": { color: "var(--mantine-color-error)" },
  ".cm-doubled-brace": { color: "var(--mantine-color-dimmed)" },
});
