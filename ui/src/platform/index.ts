// Everything that the pages use of the desktop: dialogs, drags and drops, the window's title, events.
import { Channel } from "@tauri-apps/api/core";
import type { EventCallback, UnlistenFn } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { getCurrentWindow } from "@tauri-apps/api/window";
import { open, save } from "@tauri-apps/plugin-dialog";

export type FileKind = { name: string; extensions: string[] };

/** The picked path; null if the dialog was closed without one. */
export function pickFile(kinds: FileKind[] = []): Promise<string | null> {
  return open({ title: "Open File", filters: kinds, multiple: false, directory: false });
}

export function pickFolder(): Promise<string | null> {
  return open({ title: "Open Folder", multiple: false, directory: true });
}

/** The path to save to. `suggested` is a file name or a full path. */
export function pickSavePath(suggested: string, kinds: FileKind[] = []): Promise<string | null> {
  return save({ title: "Save File", defaultPath: suggested, filters: kinds });
}

export type FileDrag = { over: boolean } | { dropped: string[] };

type DragListener = (drag: FileDrag) => void;

/** The listener that gets all events while it is set. */
let exclusive: DragListener | null = null;

/** Listens to files dragged over the window or dropped on it. Returns a function that stops listening. */
export function onFileDrag(listener: DragListener): () => void {
  const notify: DragListener = (drag) => {
    if (!exclusive || exclusive === listener) listener(drag);
  };
  const stopping = getCurrentWebview().onDragDropEvent(({ payload }) => {
    if (payload.type === "enter") notify({ over: true });
    else if (payload.type === "leave") notify({ over: false });
    else if (payload.type === "drop") notify({ dropped: payload.paths });
  });
  return () => void stopping.then((stop) => stop());
}

/** The same, and meanwhile no other listener gets events. */
export function onFileDragExclusively(listener: DragListener): () => void {
  exclusive = listener;
  const stop = onFileDrag(listener);
  return () => {
    if (exclusive === listener) exclusive = null;
    stop();
  };
}

/** An event of the core, as it is generated. */
type CoreEvent<T> = { listen: (callback: EventCallback<T>) => Promise<UnlistenFn> };

/** Listens to an event of the core. Returns a function that stops listening. */
export function onEvent<T>(event: CoreEvent<T>, listener: (payload: T) => void): () => void {
  const stopping = event.listen(({ payload }) => listener(payload));
  return () => void stopping.then((stop) => stop());
}

export function setWindowTitle(title: string): Promise<void> {
  return getCurrentWindow().setTitle(title);
}

/** A channel for the progress of long work. */
export function progressChannel<T>(listener: (message: T) => void): Channel<T> {
  return new Channel<T>(listener);
}

export type { Channel };
