// Typed calls with their cache rules. Everything read from the store is under the key "store", so that a
// write makes all of it stale at once: a delete can change lists, counts, links and labels of any table.
import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { commands, type Dependents, type ListQuery, type Row, type TableName } from "../bindings";

export const keys = {
  store: ["store"] as const,
  workspace: ["store", "workspace"] as const,
  list: (table: TableName, query: ListQuery) => ["store", "list", table, query] as const,
  row: (table: TableName, id: string) => ["store", "row", table, id] as const,
  usedBy: (table: TableName, id: string) => ["store", "usedBy", table, id] as const,
  deletionPlan: (table: TableName, ids: string[]) => ["store", "deletionPlan", table, ids] as const,
  check: ["store", "check"] as const,
};

/** Call after anything that writes to the store outside the hooks below. */
export function storeChanged(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: keys.store });
}

export function useStoreChanged(): () => Promise<void> {
  const client = useQueryClient();
  return () => storeChanged(client);
}

/** One page of a table's rows. */
export const listRows = (table: TableName, query: ListQuery) => commands.list(table, query);

export const getRow = (table: TableName, id: string) => commands.get(table, id);

/** Adds a copy of a row. Call `storeChanged` afterwards. */
export const duplicateRow = (table: TableName, id: string) => commands.duplicate(table, id);

export const rowOptions = (table: TableName, id: string) =>
  queryOptions({ queryKey: keys.row(table, id), queryFn: () => getRow(table, id) });

export const listOptions = (table: TableName, query: ListQuery) =>
  queryOptions({ queryKey: keys.list(table, query), queryFn: () => listRows(table, query) });

export function useWorkspace() {
  return useQuery({ queryKey: keys.workspace, queryFn: commands.workspace });
}

/** Opens another file. Cached data of the old one is dropped. */
export function useOpenWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (path: string) => commands.openWorkspace(path),
    onSuccess: (workspace) => {
      client.setQueryData(keys.workspace, workspace);
      return client.resetQueries({
        queryKey: keys.store,
        predicate: ({ queryKey }) => queryKey[1] !== keys.workspace[1],
      });
    },
  });
}

export function useList(table: TableName, query: ListQuery, enabled = true) {
  return useQuery({ ...listOptions(table, query), placeholderData: keepPreviousData, enabled });
}

/** The first matching rows of every table, in one answer, so that they appear together. */
export function useSearchEverywhere(search: string, limit: number) {
  return useQuery({
    queryKey: [...keys.store, "search", search, limit],
    queryFn: () => commands.searchEverywhere(search, limit),
    enabled: search !== "",
    placeholderData: keepPreviousData,
  });
}

export function useRow(table: TableName, id: string, enabled = true) {
  return useQuery({ ...rowOptions(table, id), enabled });
}

export function useUsedBy(table: TableName, id: string) {
  return useQuery({ queryKey: keys.usedBy(table, id), queryFn: () => commands.usedBy(table, id) });
}

export function useDeletionPlan(table: TableName, ids: string[]) {
  return useQuery({
    queryKey: keys.deletionPlan(table, ids),
    queryFn: () => commands.deletionPlan(table, ids),
    staleTime: 0,
  });
}

export function useCheck() {
  return useQuery({ queryKey: keys.check, queryFn: commands.check, staleTime: 0 });
}

export function useCreate(table: TableName) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (fields: Row) => commands.create(table, fields),
    onSuccess: () => storeChanged(client),
  });
}

export function useUpdate(table: TableName, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (fields: Row) => commands.update(table, id, fields),
    onSuccess: () => storeChanged(client),
  });
}

export function useDelete(table: TableName) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, dependents }: { ids: string[]; dependents: Dependents }) =>
      commands.delete(table, ids, dependents),
    // The panel of a deleted row is still open for a moment and would query it.
    onSuccess: (_, { ids }) => {
      for (const id of ids) client.removeQueries({ queryKey: keys.row(table, id) });
      return storeChanged(client);
    },
  });
}
