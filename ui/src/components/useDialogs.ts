// The dialogs that any page can open. `DialogsProvider` of the frame shows them.
import { createContext, useContext } from "react";
import type { ArchivedRows, Listed, RowKey, TableName } from "../bindings";
import type { OnCreated } from "./form/useRowForm";
import type { FormValues } from "./form/values";

export type DeletionRequest = { table: TableName; ids: string[]; onDeleted?: () => void };

export type Dialogs = {
  /**
   * Opens the form of a new row. `initial` fills columns beyond their defaults, and `onCreated` stores what belongs
   * to the new row before it is shown.
   */
  create: (table: TableName, initial?: FormValues, onCreated?: OnCreated) => void;
  edit: (table: TableName, row: Listed) => void;
  remove: (deletion: DeletionRequest) => void;
  tag: (table: TableName, ids: string[]) => void;
  exportRows: (table: TableName, ids: string[]) => void;
  /** Exports rows with their files. Null is every row of the workspace. */
  exportArchive: (rows: ArchivedRows | null) => void;
  /** Asks how to undelete rows of a deletion that conflict with what is stored now. Null is all rows. */
  undelete: (deletion: number, rows: RowKey[] | null) => void;
  /** Asks what to do with changed example rows and with the rows that refer to the example. */
  removeExample: () => void;
  showShortcuts: () => void;
};

export const DialogsContext = createContext<Dialogs | null>(null);

export function useDialogs(): Dialogs {
  const dialogs = useContext(DialogsContext);
  if (!dialogs) throw new Error("useDialogs needs a DialogsProvider above it");
  return dialogs;
}
