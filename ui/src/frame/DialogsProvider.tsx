import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { ArchivedRows, Listed, RowKey, TableName } from "../bindings";
import { ExportArchiveDialog } from "../components/archive/ExportArchiveDialog";
import { DeleteDialog } from "../components/deletion/DeleteDialog";
import { UndeleteDialog } from "../components/deletion/UndeleteDialog";
import { RemoveExampleDialog } from "../components/example/RemoveExampleDialog";
import { ExportRowsDialog } from "../components/export/ExportRowsDialog";
import { focusPage, isFocusLost } from "../components/focus";
import { FormDialog } from "../components/form/FormDialog";
import type { OnCreated } from "../components/form/useRowForm";
import type { FormValues } from "../components/form/values";
import { TagDialog } from "../components/tags/TagDialog";
import { type DeletionRequest, type Dialogs, DialogsContext } from "../components/useDialogs";
import { extrasOf } from "../resources/registry";
import { ShortcutsDialog } from "./ShortcutsDialog";

type FormRequest = {
  table: TableName;
  editing: Listed | null;
  initial?: FormValues;
  onCreated?: OnCreated;
};

type Dialog =
  | ({ show: "form" } & FormRequest)
  | ({ show: "delete" } & DeletionRequest)
  | { show: "tag"; table: TableName; ids: string[] }
  | { show: "export"; table: TableName; ids: string[] }
  | { show: "archive"; rows: ArchivedRows | null }
  | { show: "undelete"; deletion: number; rows: RowKey[] | null }
  | { show: "remove example" }
  | { show: "shortcuts" };

/** Shows one dialog at a time, above whichever page is open. */
export function DialogsProvider({ children }: { children: ReactNode }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  useFocusReturn(dialog !== null);
  const dialogs = useMemo<Dialogs>(
    () => ({
      create: (table, initial, onCreated) =>
        setDialog({ show: "form", table, editing: null, initial, onCreated }),
      edit: (table, row) => setDialog({ show: "form", table, editing: row }),
      remove: (deletion) => setDialog({ show: "delete", ...deletion }),
      tag: (table, ids) => setDialog({ show: "tag", table, ids }),
      exportRows: (table, ids) => setDialog({ show: "export", table, ids }),
      exportArchive: (rows) => setDialog({ show: "archive", rows }),
      undelete: (deletion, rows) => setDialog({ show: "undelete", deletion, rows }),
      removeExample: () => setDialog({ show: "remove example" }),
      showShortcuts: () => setDialog({ show: "shortcuts" }),
    }),
    [],
  );
  const close = () => setDialog(null);
  return (
    <DialogsContext value={dialogs}>
      {children}
      {dialog?.show === "form" && <RowForm {...dialog} onClose={close} />}
      {dialog?.show === "delete" && <DeleteDialog deletion={dialog} onClose={close} />}
      {dialog?.show === "tag" && <TagDialog table={dialog.table} ids={dialog.ids} onClose={close} />}
      {dialog?.show === "export" && (
        <ExportRowsDialog table={dialog.table} ids={dialog.ids} onClose={close} />
      )}
      {dialog?.show === "archive" && <ExportArchiveDialog rows={dialog.rows} onClose={close} />}
      {dialog?.show === "undelete" && (
        <UndeleteDialog deletion={dialog.deletion} rows={dialog.rows} onClose={close} />
      )}
      {dialog?.show === "remove example" && <RemoveExampleDialog onClose={close} />}
      {dialog?.show === "shortcuts" && <ShortcutsDialog onClose={close} />}
    </DialogsContext>
  );
}

/** The form of a row: the resource's own, or the one made from the table's description. */
function RowForm({ table, editing, initial, onCreated, onClose }: FormRequest & { onClose: () => void }) {
  const { form: Form = FormDialog, formDefaults, codeLanguage, notes } = extrasOf(table);
  return (
    <Form
      table={table}
      editing={editing}
      initial={editing ? undefined : { ...formDefaults, ...initial }}
      codeLanguage={codeLanguage}
      notes={notes}
      onCreated={onCreated}
      onClose={onClose}
    />
  );
}

/** Returns the focus to where it was before the dialog, or to the page if that element is gone. */
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
