import { useSyncExternalStore } from "react";
import { pickFile, pickFolder } from "../../../platform";

/** The files waiting to be imported, `at` being the one on screen. `turn` changes whenever a file is begun. */
export type Queue = { paths: readonly string[]; at: number; turn: number };

let queue: Queue = { paths: [], at: 0, turn: 0 };
const listeners = new Set<() => void>();

function become(paths: readonly string[], at: number, begun: boolean) {
  queue = { paths, at, turn: queue.turn + (begun ? 1 : 0) };
  for (const listener of listeners) listener();
}

/** Files join at the end, so that what is on screen stays. */
export function enqueue(paths: string[]) {
  const fresh = paths.filter((path) => !queue.paths.slice(queue.at).includes(path));
  become([...queue.paths, ...fresh], queue.at, false);
}

/** Done with the file on screen: the next one comes, or the dialog goes. */
export function advance() {
  if (queue.at + 1 < queue.paths.length) become(queue.paths, queue.at + 1, true);
  else clear();
}

/** Another file in the place of the one on screen, or the same one read anew. */
export function replace(path: string) {
  become(queue.paths.with(queue.at, path), queue.at, true);
}

export function clear() {
  become([], 0, true);
}

// A file dialog knows only the last ending: packed files are any that end so.
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

/** Asks for a file and opens the import dialog on it. */
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
