// Work on the whole database. `DatabaseWork` of the frame does it.
import { createContext, useContext } from "react";
import type { TaskState } from "../../api/useTask";
import type { Exported, ExportFormat, TableName, Target } from "../../bindings";

export type Restore = {
  /** The id of the backup. */
  id: string;
  /** The question before the restore. Without one, it starts at once. */
  question?: string;
  /** The title of the notification afterwards. */
  doneTitle: string;
};

export type DatabaseActions = {
  exporting: TaskState<Exported>;
  /** `tables` is null for all. */
  startExport: (path: string, format: ExportFormat, tables: TableName[] | null) => Promise<void>;
  stopExport: () => void;
  /** Opens the import dialog on a file. */
  importFile: (path: string) => void;
  importFromPicker: () => Promise<void>;
  /** Opens the import dialog on the studio in the project of a workbench. */
  importFromWorkbench: (workbench: Target) => void;
  /** Opens the dialog that restores a backup. */
  restore: (restore: Restore) => void;
};

export const DatabaseContext = createContext<DatabaseActions | null>(null);

export function useDatabaseWork(): DatabaseActions {
  const actions = useContext(DatabaseContext);
  if (!actions) throw new Error("useDatabaseWork needs a DatabaseWork above it");
  return actions;
}
