import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { showError } from "../../../api/errors";
import { keys, storeChanged } from "../../../api/store";
import { type BackupRule, commands } from "../../../bindings";

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

export function useSetRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rule: BackupRule) => commands.setBackupRule(rule),
    onSuccess: () => client.invalidateQueries({ queryKey: backups }),
  });
}

type Restore = {
  id: string;
  /** What has happened, once it has. */
  said: string;
};

/** Brings back a backup. Nothing that was read before may be shown afterwards, and it can be undone. */
export function useRestore() {
  const client = useQueryClient();
  const restored = async ({ id, said }: Restore) => {
    const before = await commands.restoreBackup(id);
    // What is not on screen is read when it is next shown; rows that are gone are not shown meanwhile.
    client.removeQueries({ queryKey: keys.store, type: "inactive" });
    await storeChanged(client);
    offerUndo(said, () => restored({ id: before.id, said: "The restore was undone" }));
  };
  return useMutation({ mutationFn: restored });
}

function offerUndo(said: string, undo: () => Promise<void>) {
  const notification = notifications.show({
    color: "green",
    title: said,
    autoClose: 20_000,
    message: (
      <Group justify="space-between">
        <Text size="sm">What was here just before is kept as a backup.</Text>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => {
            notifications.hide(notification);
            undo().catch(showError);
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
