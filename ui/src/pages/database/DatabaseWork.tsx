import { notifications } from "@mantine/notifications";
import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { exportDatabase } from "../../api/snapshots";
import { useWorkspace } from "../../api/store";
import { useTask } from "../../api/useTask";
import type { Backup, Exported, Target } from "../../bindings";
import { exportSummary } from "../../components/export/exportSummary";
import { pickFile } from "../../platform";
import { offerUndo } from "./backups/offerUndo";
import { RestoreDialog } from "./backups/RestoreDialog";
import { ImportDialog, type Source } from "./import/ImportDialog";
import { type DatabaseActions, DatabaseContext, type Restore } from "./useDatabaseWork";
import { useOpenedFile } from "./useOpenedFile";

const sources = [
  { name: "Snapshot, database or archive", extensions: ["json", "sqlite", "sqlite3", "db", "zst"] },
];

/** Mounted in the frame: an export continues on other pages, and the dialogs open above any page. */
export function DatabaseWork({ children }: { children: ReactNode }) {
  const { data: workspace } = useWorkspace();
  const router = useRouter();
  const { state: exporting, run, cancel, reset } = useTask<Exported>();
  /** `turn` counts the chosen files, so that the same file can be chosen twice. */
  const [source, setSource] = useState({ from: null as Source | null, turn: 0 });

  const importFrom = (from: Source) => setSource(({ turn }) => ({ from, turn: turn + 1 }));
  const importFile = (path: string) => importFrom({ path });
  const importFromWorkbench = (workbench: Target) => importFrom({ workbench });
  const importFromPicker = async () => {
    const path = await pickFile(sources);
    if (path) importFile(path);
  };
  useOpenedFile((path) => {
    if (source.from === null) importFile(path);
    else
      notifications.show({ title: "Another import is open", message: `Close it, then open ${path} again.` });
  });
  const [restoring, restore] = useState<Restore | null>(null);
  const onRestored = (doneTitle: string, before: Backup) => {
    restore(null);
    offerUndo(doneTitle, () => restore({ id: before.id, doneTitle: "The restore was undone" }));
  };
  const closeImport = () => setSource(({ turn }) => ({ from: null, turn }));

  const open = workspace?.path;
  /** The database that was open last. Work may begin before its path is known. */
  const last = useRef(open);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the work belongs to the database on which it began
  useEffect(() => {
    const before = last.current;
    last.current = open ?? before;
    if (before === undefined || open === undefined || open === before) return;
    reset();
    setSource(({ turn }) => ({ from: null, turn }));
    restore(null);
  }, [open]);

  const startExport: DatabaseActions["startExport"] = async (path, format, tables) => {
    const exported = await run(exportDatabase(path, format, tables));
    if (exported && router.state.location.pathname !== "/database") {
      notifications.show({ color: "green", title: exportSummary(exported), message: exported.path });
    }
  };

  return (
    <DatabaseContext
      value={{
        exporting,
        startExport,
        stopExport: cancel,
        importFile,
        importFromPicker,
        importFromWorkbench,
        restore,
      }}
    >
      {children}
      {source.from !== null && (
        <ImportDialog
          key={source.turn}
          source={source.from}
          onClose={closeImport}
          onChooseAnother={importFromPicker}
        />
      )}
      {restoring && (
        <RestoreDialog
          key={restoring.id}
          restore={restoring}
          onClose={() => restore(null)}
          onRestored={(before) => onRestored(restoring.doneTitle, before)}
        />
      )}
    </DatabaseContext>
  );
}
