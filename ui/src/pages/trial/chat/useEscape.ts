import { useEffect, useRef } from "react";

/** Stops the answers at Escape, wherever the focus is, unless a dialog or a menu is open. */
export function useEscape(running: boolean, stop: () => Promise<void>) {
  const latest = useRef(stop);
  useEffect(() => {
    latest.current = stop;
  });
  useEffect(() => {
    if (!running) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const covered = document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]');
      if (event.key === "Escape" && !event.defaultPrevented && !covered) void latest.current();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [running]);
}
