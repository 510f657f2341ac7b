// Everything that puts text on the clipboard.
import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { showError } from "../api/errors";

/** Milliseconds for which a button shows that it has copied. */
const COPIED = 1500;

/** Copies a text and shows a notification: `what` starts its sentence. */
export async function copyWithNotice(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notifications.show({ message: `${what} copied.` });
  } catch (thrown) {
    showError(thrown);
  }
}

/** For a text that a key copies as well as a button. */
export const useCopy = () => useClipboard({ timeout: COPIED });

export function CopyButton({ value, what }: { value: string; what: string }) {
  const { copied, copy } = useCopy();
  return <CopyIcon what={what} copied={copied} onCopy={() => copy(value)} />;
}

type IconProps = { what: string; copied: boolean; onCopy: () => void };

/** The button of `useCopy`. */
export function CopyIcon({ what, copied, onCopy }: IconProps) {
  const label = copied ? "Copied" : `Copy ${what}`;
  return (
    <Tooltip label={label} openDelay={copied ? 0 : 300}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color={copied ? "teal" : "gray"}
        aria-label={label}
        onClick={onCopy}
      >
        {copied ? <IconCheck size={14} /> : <IconCopy size={14} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  );
}
