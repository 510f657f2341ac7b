import { useEffect, useRef } from "react";

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

const typing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]";

/** Ctrl shortcuts with a meaning of their own in text fields. */
const ofFields = ["ctrl+z", "ctrl+c"];

/** Handled before the focused field, where Enter may open a list. */
const first = "ctrl+enter";

/** Dialogs and menus, which handle keys themselves. */
const above = '[role="dialog"][aria-modal="true"], [role="menu"]';

/** "ctrl+n", "/", "?", "delete": the typed character, so that `?` works on every keyboard layout. */
function nameOf(event: KeyboardEvent): string {
  const held = event.ctrlKey || event.metaKey ? "ctrl+" : "";
  return held + event.key.toLowerCase();
}

/** Whether text is selected; Ctrl+C then copies the text and not the row. */
export function areWordsMarked(): boolean {
  return document.getSelection()?.isCollapsed === false;
}

/**
 * Shortcuts of a page. Text fields keep their own keys and all keys without Ctrl; open dialogs and menus
 * keep all keys.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    // A dialog closed by Escape is gone before the event reaches the document.
    let covered = false;
    const look = (event: KeyboardEvent) => {
      covered = document.querySelector(above) !== null;
      if (nameOf(event) === first) onKeyDown(event);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      const name = nameOf(event);
      const run = current.current[name];
      if (!run) return;
      const target = event.target instanceof Element ? event.target : null;
      const held = event.ctrlKey || event.metaKey;
      if ((!held || ofFields.includes(name)) && target?.closest(typing)) return;
      if (covered) return;
      if (name === "ctrl+c" && areWordsMarked()) return;
      event.preventDefault();
      if (name === first) event.stopPropagation();
      run(event);
    };
    window.addEventListener("keydown", look, { capture: true });
    document.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", look, { capture: true });
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}
