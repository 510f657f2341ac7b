// Tags and saved filters.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { commands, type TableName, type View } from "../bindings";
import { keys, storeChanged } from "./store";

/** All tags, of one table or of all, with how many rows have each. */
export function useTags(table: TableName | null) {
  return useQuery({ queryKey: [...keys.store, "tags", table], queryFn: () => commands.tags(table) });
}

function useChange<T>(change: (what: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => storeChanged(client) });
}

export type Tagging = { ids: string[]; put: string[]; take: string[] };

/** Adds tags to rows and removes tags from them. */
export function useRetag(table: TableName) {
  return useChange(async ({ ids, put, take }: Tagging) => {
    if (put.length > 0) await commands.tag(table, ids, put);
    if (take.length > 0) await commands.untag(table, ids, take);
  });
}

export function useRenameTag() {
  return useChange(({ from, to }: { from: string; to: string }) => commands.renameTag(from, to));
}

export function useDeleteTag() {
  return useChange((tag: string) => commands.deleteTag(tag));
}

export function useSavedFilters(table: TableName) {
  return useQuery({
    queryKey: [...keys.store, "savedFilters", table],
    queryFn: () => commands.savedFilters(table),
  });
}

export function useSaveFilter(table: TableName) {
  return useChange(({ name, view }: { name: string; view: View }) => commands.saveFilter(table, name, view));
}

export function useRenameFilter(table: TableName) {
  return useChange(({ from, to }: { from: string; to: string }) => commands.renameFilter(table, from, to));
}

export function useDeleteFilter(table: TableName) {
  return useChange((name: string) => commands.deleteFilter(table, name));
}
