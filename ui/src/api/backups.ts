import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Backup, type BackupRule, commands } from "../bindings";
import { keys } from "./store";
import type { Work } from "./useTask";

const backups = [...keys.store, "backups"] as const;

export function useBackups() {
  return useQuery({ queryKey: backups, queryFn: commands.backups });
}

export function useBackUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: commands.backUp,
    onSuccess: () => client.invalidateQueries({ queryKey: backups }),
  });
}

export function useDeleteBackup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => commands.deleteBackup(id),
    onSettled: () => client.invalidateQueries({ queryKey: backups }),
  });
}

export function useSetBackupRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rule: BackupRule) => commands.setBackupRule(rule),
    onSuccess: () => client.invalidateQueries({ queryKey: backups }),
  });
}

/** Replaces the workspace by a backup. Returns the backup of the content before. */
export const restoreBackup =
  (id: string): Work<Backup> =>
  (task, onProgress) =>
    commands.restoreBackup(id, task, onProgress);
