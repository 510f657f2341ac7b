import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

/** Says that a restore is done, with a button to undo it. */
export function offerUndo(title: string, undo: () => void) {
  const notification = notifications.show({
    color: "green",
    title,
    autoClose: 20_000,
    message: (
      <Group justify="space-between">
        <Text size="sm">The state before is kept as a backup.</Text>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => {
            notifications.hide(notification);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
