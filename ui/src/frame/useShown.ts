import { useEffect } from "react";
import { reportShown } from "../api/window";

/** Tells the program, once, that a person can now use what they see. */
export function useShown(ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    // Twice: the first frame is still being drawn when its callback runs.
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => void reportShown()));
    return () => cancelAnimationFrame(frame);
  }, [ready]);
}
