import { ActionIcon, Button, Group, Table, Text, Tooltip } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconTrash } from "@tabler/icons-react";
import { useDeleteBackup } from "../../../api/backups";
import { showError } from "../../../api/errors";
import type { Backup, BackupReason } from "../../../bindings";
import { focusPage, isFocusLost } from "../../../components/focus";
import { formatBytes } from "../../../format/numbers";
import { formatAgo, formatTime } from "../../../format/times";
import { useDatabaseWork } from "../useDatabaseWork";

const reasons: Record<BackupReason, string> = {
  manual: "Made manually",
  import: "Before an import",
  restore: "Before a restore",
  update: "Before an update of the program",
};

/** The line of a deleted backup disappears, with the button that had the focus. */
function keepFocus() {
  if (isFocusLost()) focusPage();
}

export function BackupLine({ backup }: { backup: Backup }) {
  const { restore } = useDatabaseWork();
  const remove = useDeleteBackup();
  const made = new Date(backup.created_at);
  const time = formatTime(made);

  const askRestore = () =>
    restore({
      id: backup.id,
      question: `The whole workspace goes back to ${time}. Its current state is kept as a backup first, so you can undo this.`,
      doneTitle: `Restored the backup of ${time}`,
    });
  const askDelete = () =>
    modals.openConfirmModal({
      title: "Delete this backup?",
      children: (
        <Text size="sm">
          The backup of {time} can’t be brought back afterwards. The workspace stays as it is.
        </Text>
      ),
      labels: { confirm: "Delete", cancel: "Cancel" },
      confirmProps: { color: "red" },
      onConfirm: () => remove.mutateAsync(backup.id).then(keepFocus, showError),
    });

  return (
    <Table.Tr>
      <Table.Td>
        <span className="tabular">{time}</span>
        <Text size="xs" c="dimmed">
          {formatAgo(made)}
        </Text>
      </Table.Td>
      <Table.Td>{reasons[backup.reason]}</Table.Td>
      <Table.Td ta="right" className="tabular" style={{ whiteSpace: "nowrap" }}>
        {formatBytes(backup.bytes)}
      </Table.Td>
      <Table.Td>
        <Group gap={8} wrap="nowrap" justify="flex-end">
          <Button
            variant="default"
            size="compact-sm"
            onClick={askRestore}
            aria-label={`Restore the backup of ${time}`}
          >
            Restore
          </Button>
          <Tooltip label="Delete">
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={askDelete}
              loading={remove.isPending}
              aria-label={`Delete the backup of ${time}`}
            >
              <IconTrash size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
