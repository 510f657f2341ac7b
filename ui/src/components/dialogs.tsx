import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { Listed, RowKey, TableName } from "../bindings";
import { specialsOf } from "../resources/registry";
import { BringBackDialog } from "./deletion/BringBackDialog";
import { DeleteDialog } from "./deletion/DeleteDialog";
import { RemoveExampleDialog } from "./example/RemoveExampleDialog";
import { ExportRowsDialog } from "./export/ExportRowsDialog";
import { focusPage, isFocusLost } from "./focus";
import { FormDialog } from "./form/FormDialog";
import type { FormValues } from "./form/values";
import { ShortcutsDialog } from "./frame/ShortcutsDialog";
import { TagDialog } from "./tags/TagDialog";

export type Deletion = { table: TableName; ids: string[]; onDeleted?: () => void };

type Dialog =
  | { show: "form"; table: TableName; editing: Listed | null; initial?: FormValues }
  | ({ show: "delete" } & Deletion)
  | { show: "tag"; table: TableName; ids: string[] }
  | { show: "export"; table: TableName; ids: string[] }
  | { show: "bring back"; deletion: number; rows: RowKey[] | null }
  | { show: "remove example" }
  | { show: "shortcuts" };

type Dialogs = {
  /** Opens the form of a new row, with some of it filled in already. */
  create: (table: TableName, initial?: FormValues) => void;
  edit: (table: TableName, row: Listed) => void;
  remove: (deletion: Deletion) => void;
  tag: (table: TableName, ids: string[]) => void;
  exportRows: (table: TableName, ids: string[]) => void;
  /** Asks how rows of a deletion come back that can't as they were. */
  bringBack: (deletion: number, rows: RowKey[] | null) => void;
  /** Asks how the example workspace goes that can't just go. */
  removeExample: () => void;
  showShortcuts: () => void;
};

const Context = createContext<Dialogs | null>(null);

/** The dialogs that can open from any page: a row's form, a deletion, the list of shortcuts. */
export function DialogsProvider({ children }: { children: ReactNode }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  useFocusReturn(dialog !== null);
  const dialogs = useMemo<Dialogs>(
    () => ({
      create: (table, initial) => setDialog({ show: "form", table, editing: null, initial }),
      edit: (table, row) => setDialog({ show: "form", table, editing: row }),
      remove: (deletion) => setDialog({ show: "delete", ...deletion }),
      tag: (table, ids) => setDialog({ show: "tag", table, ids }),
      exportRows: (table, ids) => setDialog({ show: "export", table, ids }),
      bringBack: (deletion, rows) => setDialog({ show: "bring back", deletion, rows }),
      removeExample: () => setDialog({ show: "remove example" }),
      showShortcuts: () => setDialog({ show: "shortcuts" }),
    }),
    [],
  );
  const close = () => setDialog(null);
  const Form = (dialog?.show === "form" && specialsOf(dialog.table).form) || FormDialog;
  return (
    <Context value={dialogs}>
      {children}
      {dialog?.show === "form" && <Form {...dialog} onClose={close} />}
      {dialog?.show === "delete" && <DeleteDialog deletion={dialog} onClose={close} />}
      {dialog?.show === "tag" && <TagDialog table={dialog.table} ids={dialog.ids} onClose={close} />}
      {dialog?.show === "export" && (
        <ExportRowsDialog table={dialog.table} ids={dialog.ids} onClose={close} />
      )}
      {dialog?.show === "bring back" && (
        <BringBackDialog deletion={dialog.deletion} rows={dialog.rows} onClose={close} />
      )}
      {dialog?.show === "remove example" && <RemoveExampleDialog onClose={close} />}
      {dialog?.show === "shortcuts" && <ShortcutsDialog onClose={close} />}
    </Context>
  );
}

/** Focus goes back to where it was before the dialog, or to the page if that is gone. */
function useFocusReturn(open: boolean): void {
  const before = useRef<Element | null>(null);
  if (open && !before.current) before.current = document.activeElement;
  useEffect(() => {
    if (open || !before.current) return;
    const target = before.current;
    before.current = null;
    if (target instanceof HTMLElement && target.isConnected) target.focus({ preventScroll: true });
    if (isFocusLost()) focusPage();
  }, [open]);
}

export function useDialogs(): Dialogs {
  const dialogs = useContext(Context);
  if (!dialogs) throw new Error("useDialogs needs a DialogsProvider above it");
  return dialogs;
}
