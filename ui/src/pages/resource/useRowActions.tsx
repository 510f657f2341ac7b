import { notifications } from "@mantine/notifications";
import {
  IconArchive,
  IconCopy,
  IconCopyPlus,
  IconFileExport,
  IconId,
  IconLayoutSidebarRight,
  IconPencil,
  IconTags,
  IconTrash,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { showError } from "../../api/errors";
import { duplicateRow, useStoreChanged } from "../../api/store";
import { idOf } from "../../api/tables";
import type { Listed, TableName } from "../../bindings";
import { copyWithNotice } from "../../components/clipboard";
import type { RowAction } from "../../components/RowMenu";
import { useDialogs } from "../../components/useDialogs";
import { extrasOf } from "../../resources/registry";

export function rowsAsJson(rows: Listed[]): string {
  const data = rows.map(({ row }) => row);
  return JSON.stringify(data.length === 1 ? data[0] : data, null, 2);
}

type Where = {
  /** Opens a row in the panel. */
  onOpen: (id: string) => void;
  isOpen: boolean;
  onDeleted?: () => void;
};

/** The actions on one row, for its menu. */
export function useRowActions(table: TableName, { onOpen, isOpen, onDeleted }: Where) {
  const dialogs = useDialogs();
  const changed = useStoreChanged();
  const go = useNavigate();
  const duplicate = async (id: string) => {
    try {
      const { row } = await duplicateRow(table, id);
      await changed();
      notifications.show({ message: `“${row.label}” was created.` });
      onOpen(idOf(row));
    } catch (thrown) {
      showError(thrown);
    }
  };
  return (listed: Listed): RowAction[] => {
    const id = idOf(listed);
    const open = { label: "Open", icon: IconLayoutSidebarRight, keys: "Enter", run: () => onOpen(id) };
    return [
      ...(isOpen ? [] : [open]),
      ...(extrasOf(table).rowActions?.(listed, go) ?? []),
      { label: "Edit…", icon: IconPencil, keys: "E", run: () => dialogs.edit(table, listed) },
      { label: "Duplicate", icon: IconCopyPlus, keys: "Ctrl+D", run: () => void duplicate(id) },
      {
        label: "Copy as JSON",
        icon: IconCopy,
        keys: "Ctrl+C",
        run: () => void copyWithNotice(rowsAsJson([listed]), "The row"),
      },
      { label: "Copy identifier", icon: IconId, run: () => void copyWithNotice(id, "The identifier") },
      { label: "Tag…", icon: IconTags, keys: "T", run: () => dialogs.tag(table, [id]) },
      { label: "Export row…", icon: IconFileExport, run: () => dialogs.exportRows(table, [id]) },
      {
        label: "Export as archive…",
        icon: IconArchive,
        run: () => dialogs.exportArchive({ table, ids: [id] }),
      },
      {
        label: "Delete…",
        icon: IconTrash,
        keys: "Del",
        danger: true,
        run: () => dialogs.remove({ table, ids: [id], onDeleted }),
      },
    ];
  };
}
