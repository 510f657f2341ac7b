// For tests: jsdom lays nothing out, so the editor can't be typed into there.
import { EditorView } from "@codemirror/view";
import { act } from "@testing-library/react";

/** Replaces the text of the editor that this element is typed into. */
export function write(element: HTMLElement, text: string): void {
  const view = viewOf(element);
  act(() => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }));
}

/** The editor that this element is typed into. */
export function viewOf(element: HTMLElement): EditorView {
  const view = EditorView.findFromDOM(element);
  if (!view) throw new Error("there is no editor here");
  return view;
}
