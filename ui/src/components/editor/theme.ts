// The editor's colors are CSS variables, so they follow the theme.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { LINE, PADDING } from "./height";

const theme = EditorView.theme({
  "&": {
    color: "var(--mantine-color-text)",
    backgroundColor: "var(--mantine-color-default)",
    border: "1px solid var(--mantine-color-default-border)",
    borderRadius: "var(--mantine-radius-sm)",
    fontSize: "var(--mantine-font-size-xs)",
  },
  "&.cm-focused": { outline: "none", borderColor: "var(--mantine-color-indigo-5)" },
  "&:has([aria-invalid])": { borderColor: "var(--mantine-color-error)" },
  ".cm-scroller": {
    fontFamily: "var(--mantine-font-family-monospace)",
    lineHeight: `${LINE}px`,
    overflow: "auto",
  },
  ".cm-content": { padding: `${PADDING}px 0`, caretColor: "var(--mantine-color-text)", userSelect: "text" },
  ".cm-line": { padding: "0 10px" },
  ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
  ".cm-gutters, &.cm-focused .cm-gutters": {
    color: "var(--mantine-color-dimmed)",
    backgroundColor: "transparent",
    border: "none",
  },
  ".cm-placeholder": { color: "var(--mantine-color-placeholder)" },
  "& > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    background: "var(--editor-selection)",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    background: "var(--editor-selection)",
  },
  ".cm-tooltip": {
    color: "var(--mantine-color-text)",
    backgroundColor: "var(--surface-raised)",
    border: "1px solid var(--mantine-color-default-border)",
    borderRadius: "var(--mantine-radius-sm)",
    boxShadow: "var(--mantine-shadow-md)",
    maxWidth: "420px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mantine-font-family-monospace)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--mantine-color-text)",
    background: "var(--surface-selected)",
  },
  ".cm-diagnostic": { padding: "6px 10px", borderLeft: "none", fontFamily: "var(--mantine-font-family)" },
  ".cm-diagnosticAction": {
    color: "var(--accent-text)",
    backgroundColor: "var(--surface-selected)",
    borderRadius: "4px",
    padding: "2px 8px",
    fontSize: "var(--mantine-font-size-xs)",
  },
  ".cm-panels": { color: "var(--mantine-color-text)", backgroundColor: "var(--surface-side)" },
});

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--editor-name)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--editor-text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--editor-value)" },
  { tag: tags.comment, color: "var(--mantine-color-dimmed)", fontStyle: "italic" },
]);

export const look: Extension = [theme, syntaxHighlighting(highlight)];
