import { getRow } from "../../api/store";
import { tableOf } from "../../api/tables";
import type { TableName } from "../../bindings";
import { copyWithNotice } from "../../components/clipboard";
import type { useSelection } from "../../components/rows/useSelection";
import { useDialogs } from "../../components/useDialogs";
import { counted } from "../../format/texts";
import type { ListAddress } from "./useListAddress";
import { rowsAsJson } from "./useRowActions";

/** Actions on the selected rows, or on the open row if none is selected. */
export function useChosenRows(
  table: TableName,
  { id: openId, open }: ListAddress,
  selection: ReturnType<typeof useSelection>,
) {
  const dialogs = useDialogs();
  const ids = selection.size > 0 ? [...selection.ids] : openId ? [openId] : [];
  return {
    tag: () => ids.length > 0 && dialogs.tag(table, ids),
    copy: async () => {
      if (ids.length === 0) return;
      const rows = await Promise.all(ids.map((id) => getRow(table, id)));
      await copyWithNotice(rowsAsJson(rows), counted(rows.length, tableOf(table)));
    },
    exportRows: () => dialogs.exportRows(table, ids),
    remove: () => {
      if (ids.length === 0) return;
      const onDeleted = () => {
        selection.clear();
        if (openId && ids.includes(openId)) open(undefined);
      };
      dialogs.remove({ table, ids, onDeleted });
    },
  };
}
