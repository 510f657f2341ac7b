import { useState } from "react";
import { showError } from "../../api/errors";
import { listRows } from "../../api/store";
import { idOf } from "../../api/tables";
import type { TableName } from "../../bindings";
import type { RowsQuery } from "./useRowWindow";

const PAGE = 1000;

/** The selected rows of a list, by id. They may include rows that were never loaded. */
export function useSelection(table: TableName, query: RowsQuery, total: number) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());

  const toggle = (id: string) =>
    setIds((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });

  const add = (more: string[]) => setIds((old) => new Set([...old, ...more]));

  const clear = () => setIds(new Set());

  const toggleAll = async () => {
    if (ids.size >= total) return clear();
    try {
      const all = new Set<string>();
      for (let offset = 0; offset < total; ) {
        const page = await listRows(table, { ...query, offset, limit: PAGE });
        if (page.rows.length === 0) break;
        for (const listed of page.rows) all.add(idOf(listed));
        offset += page.rows.length;
      }
      setIds(all);
    } catch (thrown) {
      showError(thrown);
    }
  };

  return { ids, size: ids.size, toggle, add, toggleAll, clear };
}
