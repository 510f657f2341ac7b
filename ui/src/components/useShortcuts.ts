import { useEffect, useRef } from "react";

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

const typing = "input, textarea, select, [contenteditable=true]";

/** What lies above the page while it is open, and has keys of its own. */
const above = '[role="dialog"][aria-modal="true"], [role="menu"]';

/** "ctrl+n", "/", "?", "delete": the key as typed, so that layouts where `?` needs other keys work too. */
function nameOf(event: KeyboardEvent): string {
  const held = event.ctrlKey || event.metaKey ? "ctrl+" : "";
  return held + event.key.toLowerCase();
}

/**
 * Shortcuts of a page, while it is shown. Keys without Ctrl are left to fields that are being typed in, and
 * nothing happens behind an open dialog or menu.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      const run = current.current[nameOf(event)];
      if (!run) return;
      const target = event.target instanceof Element ? event.target : null;
      if (!event.ctrlKey && !event.metaKey && target?.closest(typing)) return;
      if (document.querySelector(above)) return;
      event.preventDefault();
      run(event);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
