import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { commands, type RowKey, type UndeleteRequest } from "../bindings";
import { keys, storeChanged } from "./store";

/** The deletions that can be undone, the latest first. */
export function useDeleted(limit: number) {
  return useQuery({
    queryKey: [...keys.store, "deleted", limit],
    queryFn: () => commands.deleted(0, limit),
    placeholderData: keepPreviousData,
  });
}

export function useDeletedRow(deletion: number, key: RowKey) {
  return useQuery({
    queryKey: [...keys.store, "deletedRow", deletion, key],
    queryFn: () => commands.deletedRow(deletion, key),
  });
}

export function useObstacles(deletion: number, rows: RowKey[] | null) {
  return useQuery({
    queryKey: [...keys.store, "obstacles", deletion, rows],
    queryFn: () => commands.obstacles(deletion, rows),
    staleTime: 0,
  });
}

export function useUndelete() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ deletion, request }: { deletion: number; request: UndeleteRequest }) =>
      commands.undelete(deletion, request),
    onSuccess: () => storeChanged(client),
  });
}

export function usePurge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deletion: number) => commands.purge(deletion),
    onSuccess: () => storeChanged(client),
  });
}
