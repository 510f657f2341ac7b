import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { restoreBackup } from "../../../api/backups";
import { showError } from "../../../api/errors";
import { keys, storeChanged } from "../../../api/store";

type Restore = {
  id: string;
  /** The title of the notice afterwards. */
  said: string;
};

/** Restores a backup, drops all cached data, and offers to undo it. */
export function useRestore() {
  const client = useQueryClient();
  const restored = async ({ id, said }: Restore) => {
    const before = await restoreBackup(id);
    // Inactive queries would show rows that are gone while they are refreshed.
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
        <Text size="sm">The state before is kept as a backup.</Text>
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
