import { useEffect, useRef } from "react";

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

const typing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]";

/** Keys with Ctrl that a field has itself. */
const ofFields = ["ctrl+z", "ctrl+c"];

/** Taken before the field that has the keyboard hears of it: a list would open at its Enter. */
const first = "ctrl+enter";

/** What lies above the page while it is open, and has keys of its own. */
const above = '[role="dialog"][aria-modal="true"], [role="menu"]';

/** "ctrl+n", "/", "?", "delete": the key as typed, so that layouts where `?` needs other keys work too. */
function nameOf(event: KeyboardEvent): string {
  const held = event.ctrlKey || event.metaKey ? "ctrl+" : "";
  return held + event.key.toLowerCase();
}

/** Words that are marked are what a person wants to copy. */
export function areWordsMarked(): boolean {
  return document.getSelection()?.isCollapsed === false;
}

/**
 * Shortcuts of a page, while it is shown. Keys without Ctrl, and those of text, are left to fields that are being typed in, and
 * nothing happens behind an open dialog or menu.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    // A dialog that Escape closes is gone before the page hears of the key.
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
