import { Outlet, useMatchRoute } from "@tanstack/react-router";
import { toAppError } from "../api/errors";
import { useWorkspace } from "../api/store";
import { useUndo } from "../components/deletion/useUndo";
import { useDialogs } from "../components/useDialogs";
import { useShortcuts } from "../components/useShortcuts";
import { DatabaseWork } from "../pages/database/DatabaseWork";
import { RunEnds } from "../pages/runs/RunEnds";
import { PythonWork } from "../pages/settings/PythonWork";
import { TransferEnds } from "../pages/transfers/TransferEnds";
import { mounts } from "../resources/registry";
import { DialogsProvider } from "./DialogsProvider";
import css from "./Frame.module.css";
import { Navigation } from "./Navigation";
import { NothingOpen } from "./NothingOpen";
import { openPalette, Palette } from "./palette/Palette";
import { useShown } from "./useShown";
import { useWindowTitle } from "./useWindowTitle";

export function Frame() {
  return (
    <DialogsProvider>
      <DatabaseWork>
        <PythonWork>
          <Content />
        </PythonWork>
      </DatabaseWork>
    </DialogsProvider>
  );
}

function Content() {
  const { showShortcuts } = useDialogs();
  const { undoLast } = useUndo();
  useShortcuts({ "ctrl+k": openPalette, "ctrl+z": () => void undoLast(), "?": showShortcuts });
  const workspace = useWorkspace();
  // Settings do not belong to a workspace, and one of them may be why none opens.
  const onSettings = useMatchRoute()({ to: "/settings" }) !== false;
  useWindowTitle(workspace.data?.name);
  useShown(!workspace.isPending);
  return (
    <div className={css.frame}>
      <Navigation />
      <main className={css.main} tabIndex={-1}>
        {workspace.error && !workspace.data && !onSettings ? (
          <NothingOpen error={toAppError(workspace.error)} onRetry={() => void workspace.refetch()} />
        ) : (
          <Outlet />
        )}
      </main>
      <Palette />
      <RunEnds />
      <TransferEnds />
      {mounts.map((Mount, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes while the program runs
        <Mount key={index} />
      ))}
    </div>
  );
}
