import { notifications } from "@mantine/notifications";
import { useRouter } from "@tanstack/react-router";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { useWorkspace } from "../../api/store";
import { exportDatabase } from "../../api/transfers";
import { type TaskState, useTask } from "../../api/useTask";
import type { Exported, ExportFormat, TableName } from "../../bindings";
import { exportSummary } from "../../components/export/exportSummary";
import { pickFile } from "../../platform";
import { ImportDialog } from "./import/ImportDialog";

type Work = {
  exporting: TaskState<Exported>;
  /** `tables` is null for all. */
  startExport: (path: string, format: ExportFormat, tables: TableName[] | null) => Promise<void>;
  stopExport: () => void;
  /** Opens the import dialog on a file. */
  importFile: (path: string) => void;
  importFromPicker: () => Promise<void>;
};

const Context = createContext<Work | null>(null);

const sources = [
  { name: "JSON snapshot or SQLite database", extensions: ["json", "sqlite", "sqlite3", "db"] },
];

/** Mounted in the frame: an export continues on other pages, and the import dialog opens above any page. */
export function DatabaseWork({ children }: { children: ReactNode }) {
  const { data: workspace } = useWorkspace();
  const router = useRouter();
  const { state: exporting, run, cancel, reset } = useTask<Exported>();
  /** `turn` counts the chosen files, so that the same file can be chosen twice. */
  const [source, setSource] = useState({ path: null as string | null, turn: 0 });

  const importFile = (path: string) => setSource(({ turn }) => ({ path, turn: turn + 1 }));
  const importFromPicker = async () => {
    const path = await pickFile(sources);
    if (path) importFile(path);
  };
  const closeImport = () => setSource(({ turn }) => ({ path: null, turn }));

  const open = workspace?.path;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was begun belongs to the database it was begun on
  useEffect(() => {
    reset();
    setSource(({ turn }) => ({ path: null, turn }));
  }, [open]);

  const startExport: Work["startExport"] = async (path, format, tables) => {
    const exported = await run(exportDatabase(path, format, tables));
    if (exported && router.state.location.pathname !== "/database") {
      notifications.show({ color: "green", title: exportSummary(exported), message: exported.path });
    }
  };

  return (
    <Context value={{ exporting, startExport, stopExport: cancel, importFile, importFromPicker }}>
      {children}
      {source.path !== null && (
        <ImportDialog
          key={source.turn}
          path={source.path}
          onClose={closeImport}
          onChooseAnother={importFromPicker}
        />
      )}
    </Context>
  );
}

export function useDatabaseWork(): Work {
  const work = useContext(Context);
  if (!work) throw new Error("useDatabaseWork needs a DatabaseWork above it");
  return work;
}
