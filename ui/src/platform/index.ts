// The seam to the window: everything the pages ask of the system goes through here.
import { Channel } from "@tauri-apps/api/core";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { getCurrentWindow } from "@tauri-apps/api/window";
import { open, save } from "@tauri-apps/plugin-dialog";

export type FileKind = { name: string; extensions: string[] };

/** The path the person picked, or null when they changed their mind. */
export function pickFile(kinds: FileKind[] = []): Promise<string | null> {
  return open({ title: "Open File", filters: kinds, multiple: false, directory: false });
}

export function pickFolder(): Promise<string | null> {
  return open({ title: "Open Folder", multiple: false, directory: true });
}

/** Where to save; `suggested` is a file name or a full path. */
export function pickSavePath(suggested: string, kinds: FileKind[] = []): Promise<string | null> {
  return save({ title: "Save File", defaultPath: suggested, filters: kinds });
}

export type FileDrag = { over: boolean } | { dropped: string[] };

type DragListener = (drag: FileDrag) => void;

/** The page that has drags to itself while it is shown. */
let exclusive: DragListener | null = null;

/** Tells about files dragged over or dropped on the window. Returns how to stop listening. */
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

/** The same, and nobody else is told meanwhile. */
export function onFileDragExclusively(listener: DragListener): () => void {
  exclusive = listener;
  const stop = onFileDrag(listener);
  return () => {
    if (exclusive === listener) exclusive = null;
    stop();
  };
}

export function setWindowTitle(title: string): Promise<void> {
  return getCurrentWindow().setTitle(title);
}

/** A way for long work to tell how far it is. */
export function progressChannel<T>(listener: (message: T) => void): Channel<T> {
  return new Channel<T>(listener);
}

export type { Channel };
