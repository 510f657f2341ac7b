import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useUndelete } from "../../api/deleted";
import { showError, toAppError } from "../../api/errors";
import { useWorkspace } from "../../api/store";
import type { RowKey, Undeleted, UndeleteRequest } from "../../bindings";
import { formatNumber } from "../../format/numbers";
import { capitalize, curlyQuotes } from "../../format/texts";
import { useDialogs } from "../useDialogs";

/** Deletions since the program started, the latest last. */
const done: { workspace: string; deletion: number }[] = [];

const asItWas: UndeleteRequest = { rows: null, missing: "refuse", names: [] };
const noticeOf = (deletion: number) => `deletion ${deletion}`;

function forget(workspace: string, deletion: number) {
  const at = done.findIndex((entry) => entry.workspace === workspace && entry.deletion === deletion);
  if (at >= 0) done.splice(at, 1);
}

/** Replaces the notice of a deletion by the one of its undo. */
export function showUndeleted({ what, references }: Undeleted, deletion: number): void {
  notifications.hide(noticeOf(deletion));
  const again = references === 1 ? "1 reference is" : `${formatNumber(references)} references are`;
  notifications.show({
    color: "green",
    message: `${capitalize(curlyQuotes(what))} brought back.${references > 0 ? ` ${again} set again.` : ""}`,
  });
}

/** Restores rows as they were, and opens a dialog on conflicts. */
export function useUndeleteOrAsk() {
  const { mutateAsync } = useUndelete();
  const dialogs = useDialogs();
  return async (deletion: number, rows: RowKey[] | null = null) => {
    try {
      showUndeleted(await mutateAsync({ deletion, request: { ...asItWas, rows } }), deletion);
    } catch (thrown) {
      if (toAppError(thrown).code === "conflict") dialogs.undelete(deletion, rows);
      else showError(thrown);
    }
  };
}

export function useUndo() {
  const undelete = useUndeleteOrAsk();
  const { data } = useWorkspace();
  const workspace = data?.path ?? "";

  const undo = async (deletion: number) => {
    forget(workspace, deletion);
    await undelete(deletion);
  };
  const undoLast = async () => {
    const last = done.findLast((entry) => entry.workspace === workspace);
    if (last) return undo(last.deletion);
    notifications.show({ id: "nothing to undo", message: "There is no deletion to undo." });
  };
  /** Shows a notice of a deletion with an Undo button. */
  const noteDeleted = (deletion: number, said: string) => {
    done.push({ workspace, deletion });
    notifications.show({
      id: noticeOf(deletion),
      autoClose: 12_000,
      message: (
        <Group justify="space-between" wrap="nowrap" gap={12}>
          <Text size="sm">{said}</Text>
          <Button
            variant="default"
            size="compact-sm"
            flex="none"
            aria-keyshortcuts="Control+Z"
            onClick={() => void undo(deletion)}
          >
            Undo
          </Button>
        </Group>
      ),
    });
  };
  return { undoLast, noteDeleted };
}
