import { ActionIcon, Button, Group, Text, Tooltip } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconArrowBackUp, IconChevronDown, IconChevronRight, IconTrash } from "@tabler/icons-react";
import { useEffect, useId, useState } from "react";
import { usePurge } from "../../api/deleted";
import { showError } from "../../api/errors";
import type { Deletion } from "../../bindings";
import { useUndeleteOrAsk } from "../../components/deletion/useUndo";
import { focusPage, isFocusLost } from "../../components/focus";
import { Time } from "../../components/Time";
import { formatNumber } from "../../format/numbers";
import { capitalize, curlyQuotes } from "../../format/texts";
import { formatTime, formatTimeLeft } from "../../format/times";
import css from "./Deleted.module.css";
import { DeletedRows } from "./DeletedRows";

/** One deletion with its rows, and buttons to restore it or to delete it for good. */
export function DeletionItem({ deletion }: { deletion: Deletion }) {
  const [open, setOpen] = useState(false);
  const rowsId = useId();
  const undelete = useUndeleteOrAsk();
  const purge = usePurge();
  const what = capitalize(curlyQuotes(deletion.what));
  const until = new Date(deletion.kept_until);
  const Chevron = open ? IconChevronDown : IconChevronRight;

  // The item of a restored or purged deletion disappears, with the button that had the focus.
  useEffect(() => () => queueMicrotask(() => isFocusLost() && focusPage()), []);
  const askPurge = () =>
    modals.openConfirmModal({
      title: `Delete ${curlyQuotes(deletion.what)} for good?`,
      children: <Text size="sm">It can’t be brought back afterwards, except from a backup.</Text>,
      labels: { confirm: "Delete for good", cancel: "Cancel" },
      confirmProps: { color: "red" },
      onConfirm: () => purge.mutate(deletion.id, { onError: showError }),
    });

  return (
    <li className={css.item}>
      <div className={css.line}>
        <button
          type="button"
          className={css.what}
          aria-expanded={open}
          aria-controls={rowsId}
          onClick={() => setOpen(!open)}
        >
          <Chevron size={15} stroke={1.8} aria-hidden />
          <span className={css.name}>{what}</span>
        </button>
        <Text size="xs" c="dimmed" className={css.note}>
          Deleted <Time value={deletion.deleted_at} />
        </Text>
        <Tooltip label={`Kept until ${formatTime(until)}`}>
          <Text size="xs" c="dimmed" className={css.note}>
            {formatTimeLeft(until)}
          </Text>
        </Tooltip>
        <Group gap={8} wrap="nowrap">
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconArrowBackUp size={15} stroke={1.6} />}
            aria-label={`Bring back ${what}`}
            onClick={() => void undelete(deletion.id)}
          >
            Bring back
          </Button>
          <Tooltip label="Delete for good">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Delete ${what} for good`}
              loading={purge.isPending}
              onClick={askPurge}
            >
              <IconTrash size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </div>
      <div id={rowsId}>
        {open && <DeletedRows deletion={deletion} />}
        {open && deletion.cleared > 0 && (
          <Text size="xs" c="dimmed" pl={23} pb={12}>
            {deletion.cleared === 1
              ? "1 row stayed without its reference; it is set again when this comes back."
              : `${formatNumber(deletion.cleared)} rows stayed without their references; they are set again when this comes back.`}
          </Text>
        )}
      </div>
    </li>
  );
}
