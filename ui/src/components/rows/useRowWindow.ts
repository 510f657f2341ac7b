import { useQueries } from "@tanstack/react-query";
import { listOptions, useList } from "../../api/store";
import type { Listed, ListQuery, TableName } from "../../bindings";

const PAGE = 100;

export type RowsQuery = Omit<ListQuery, "offset" | "limit">;

/**
 * The rows of a list that are in sight, and how many there are. Only the pages around the sight are read,
 * so the end of a very long list is as near as its beginning. While a new search is answered the rows of
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
