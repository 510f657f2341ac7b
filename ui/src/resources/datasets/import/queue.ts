import { useSyncExternalStore } from "react";
import { pickFile, pickFolder } from "../../../platform";

/** The files to import. `at` is the index of the one on screen; `turn` changes with every file that is opened. */
export type Queue = { paths: readonly string[]; at: number; turn: number };

let queue: Queue = { paths: [], at: 0, turn: 0 };
const listeners = new Set<() => void>();

function become(paths: readonly string[], at: number, begun: boolean) {
  queue = { paths, at, turn: queue.turn + (begun ? 1 : 0) };
  for (const listener of listeners) listener();
}

/** Adds files at the end. The one on screen stays. */
export function enqueue(paths: string[]) {
  const fresh = paths.filter((path) => !queue.paths.slice(queue.at).includes(path));
  become([...queue.paths, ...fresh], queue.at, false);
}

/** Goes to the next file, or closes the dialog after the last one. */
export function advance() {
  if (queue.at + 1 < queue.paths.length) become(queue.paths, queue.at + 1, true);
  else clear();
}

/** Replaces the file on screen by another one, or reads it again. */
export function replace(path: string) {
  become(queue.paths.with(queue.at, path), queue.at, true);
}

export function clear() {
  become([], 0, true);
}

// File dialogs filter by the last extension, so compressed files of any kind are offered.
const kinds = [
  { name: "Datasets", extensions: ["csv", "json", "jsonl", "parquet", "gz", "zst"] },
  { name: "All files", extensions: ["*"] },
];

export function pickDatasetFile(): Promise<string | null> {
  return pickFile(kinds);
}

export function pickDatasetFolder(): Promise<string | null> {
  return pickFolder();
}

/** Picks a file and opens the import dialog on it. */
export async function importFromPicker() {
  const path = await pickDatasetFile();
  if (path) enqueue([path]);
}

export function useQueue(): Queue {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => queue,
  );
}
