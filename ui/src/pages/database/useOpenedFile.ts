import { useEffect, useRef } from "react";
import { takeOpenedFile } from "../../api/about";
import { showError } from "../../api/errors";
import { events } from "../../bindings";
import { onEvent } from "../../platform";

/** Calls `onFile` with a file that was opened with the program: before this page was there, and from now on. */
export function useOpenedFile(onFile: (path: string) => void): void {
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    const take = () =>
      takeOpenedFile().then((path) => {
        if (path !== null) latest.current(path);
      }, showError);
    // First, so that no file is opened after it was asked for and before the page listens.
    const stop = onEvent(events.fileOpened, () => void take());
    void take();
    return stop;
  }, []);
}
