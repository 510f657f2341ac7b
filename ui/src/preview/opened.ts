import { useSyncExternalStore } from "react";

/** What a preview begins with. */
export type Opened = { dataset?: string; prompt?: string };

let opened: Opened | null = null;
const listeners = new Set<() => void>();

function become(next: Opened | null) {
  opened = next;
  for (const listener of listeners) listener();
}

/** Opens the preview over any page. */
export const openPreview = (beginning: Opened) => become(beginning);

export const closePreview = () => become(null);

export function useOpened(): Opened | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => opened,
  );
}
