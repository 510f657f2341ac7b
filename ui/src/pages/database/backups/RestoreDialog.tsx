import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { restoreBackup } from "../../../api/backups";
import { keys, storeChanged } from "../../../api/store";
import { useTask } from "../../../api/useTask";
import type { Backup } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { WorkProgress } from "../../../components/WorkProgress";
import type { Restore } from "../useDatabaseWork";

type Props = {
  restore: Restore;
  onClose: () => void;
  /** `before` is the backup of the content before the restore. */
  onRestored: (before: Backup) => void;
};

/** Restores a backup with progress and a Stop button. */
export function RestoreDialog({ restore: { id, question }, onClose, onRestored }: Props) {
  const client = useQueryClient();
  const { state, run, cancel } = useTask<Backup>();
  const busy = state.status === "running";

  const start = async () => {
    const before = await run(restoreBackup(id));
    // Inactive queries would show rows that are gone while they are refreshed.
    if (before) client.removeQueries({ queryKey: keys.store, type: "inactive" });
    // Even a stopped or refused restore may have made a backup.
    await storeChanged(client);
    if (before) onRestored(before);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the dialog opens
  useEffect(() => {
    if (!question) void start();
  }, []);

  const region = useRef<HTMLDivElement>(null);
  // Each phase removes the button that had the focus.
  useEffect(() => {
    if (state.status !== "idle") region.current?.focus({ preventScroll: true });
  }, [state.status]);

  return (
    <Modal
      opened
      onClose={onClose}
      title={busy ? "Restoring the backup" : "Restore this backup?"}
      size={520}
      closeOnClickOutside={false}
      closeOnEscape={!busy}
      withCloseButton={!busy}
    >
      <Stack gap={16} ref={region} tabIndex={-1} style={{ outline: "none" }}>
        {state.status === "idle" && <Text size="sm">{question}</Text>}
        {state.status === "cancelled" && (
          <Text size="sm" role="status">
            The restore was stopped. The workspace was not changed.
          </Text>
        )}
        {state.status === "failed" && <Refusal error={state.error} />}
        {busy ? (
          <WorkProgress
            label="Restoring"
            verb="restored"
            progress={state.progress}
            stopLabel="Stop restoring"
            stopping={state.cancelling}
            onStop={cancel}
          />
        ) : (
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose} data-autofocus>
              {state.status === "idle" ? "Cancel" : "Close"}
            </Button>
            <Button onClick={start}>{state.status === "idle" ? "Restore" : "Try again"}</Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
