import { useEffect } from "react";
import { reportShown } from "../api/window";

/** Reports once that the window can be used. */
export function useShown(ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    // Two frames: the first callback runs before its frame is drawn.
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => void reportShown()));
    return () => cancelAnimationFrame(frame);
  }, [ready]);
}
