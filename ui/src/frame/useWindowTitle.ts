import { useEffect } from "react";
import { setWindowTitle } from "../platform";

export function useWindowTitle(workspace: string | undefined): void {
  useEffect(() => {
    void setWindowTitle(workspace ? `${workspace} – Fine Tuning Studio` : "Fine Tuning Studio");
  }, [workspace]);
}
