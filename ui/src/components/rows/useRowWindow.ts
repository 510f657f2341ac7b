import { useQueries } from "@tanstack/react-query";
import { listOptions, useList } from "../../api/store";
import type { Listed, ListQuery, TableName } from "../../bindings";

const PAGE = 100;

export type RowsQuery = Omit<ListQuery, "offset" | "limit">;

/**
 * the last one stay.
 * The visible rows of a list and the number of all rows. Only the pages around the visible rows are read.
 * During a new search the rows of the last one stay.
 * the last one stay.
 */
export function useRowWindow(table: TableName, query: RowsQuery, first: number, last: number) {
  const start = useList(table, { ...query, offset: 0, limit: PAGE });
  const total = start.data?.total ?? 0;
  const numbers: number[] = [];
  if (!start.isPlaceholderData) {
    const end = Math.min(Math.floor(last / PAGE), Math.ceil(total / PAGE) - 1);
    for (let page = Math.max(1, Math.floor(first / PAGE)); page <= end; page++) numbers.push(page);
  }
  const pages = useQueries({
    queries: numbers.map((page) => listOptions(table, { ...query, offset: page * PAGE, limit: PAGE })),
  });
  const at = (index: number): Listed | undefined => {
    const page = Math.floor(index / PAGE);
    const rows = page === 0 ? start.data?.rows : pages[numbers.indexOf(page)]?.data?.rows;
    return rows?.[index % PAGE];
  };
  return {
    at,
    total,
    known: start.data !== undefined,
    searching: start.isPlaceholderData,
    error: start.error,
    retry: start.refetch,
  };
}
