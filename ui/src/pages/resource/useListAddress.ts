import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Sort, View } from "../../bindings";

/** What a list shows. It is kept in the page's address, so that Back and links lead to the same list. */
export function useListAddress() {
  const { id, q = "", sort: sorted, desc, filters = {} } = useSearch({ from: "/$table" });
  const navigate = useNavigate({ from: "/$table" });
  const sort: Sort | null = sorted ? { column: sorted, descending: desc === true } : null;
  const query = {
    search: q.trim() || null,
    sort,
    filters: Object.entries(filters).map(([column, value]) => ({ column, value })),
  };
  return {
    /** The row in the detail panel. */
    id,
    /** The search as it is typed. */
    search: q,
    filters,
    query,
    narrowed: query.search !== null || query.filters.length > 0,
    open: (id: string | undefined) => navigate({ search: (old) => ({ ...old, id }), replace: true }),
    setSearch: (text: string) =>
      navigate({ search: (old) => ({ ...old, q: text || undefined }), replace: true }),
    sortBy: (column: string) =>
      navigate({ search: (old) => ({ ...old, ...nextSort(sort, column) }), replace: true }),
    setFilter: (column: string, value: string | null) =>
      navigate({
        search: (old) => {
          const { [column]: _, ...others } = old.filters ?? {};
          return { ...old, filters: value === null ? others : { ...others, [column]: value } };
        },
        replace: true,
      }),
    applyView: ({ search, sort, filters }: View) =>
      navigate({
        search: {
          id,
          q: search ?? undefined,
          sort: sort?.column,
          desc: sort?.descending || undefined,
          filters: Object.fromEntries(filters.map(({ column, value }) => [column, value])),
        },
        replace: true,
      }),
    showAll: () => navigate({ search: { id }, replace: true }),
  };
}

export type ListAddress = ReturnType<typeof useListAddress>;

/** Ascending, then descending, then unsorted. */
function nextSort(sort: Sort | null, column: string): { sort?: string; desc?: boolean } {
  if (sort?.column !== column) return { sort: column, desc: undefined };
  return sort.descending ? { sort: undefined, desc: undefined } : { sort: column, desc: true };
}
