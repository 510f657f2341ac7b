import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

export function Copy({ value, what }: { value: string; what: string }) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => <CopyIcon what={what} copied={copied} onCopy={copy} />}
    </CopyButton>
  );
}

type IconProps = { what: string; copied: boolean; onCopy: () => void };

/** The button alone, for what can be copied by a key too. */
export function CopyIcon({ what, copied, onCopy }: IconProps) {
  return (
    <Tooltip label={copied ? "Copied" : `Copy ${what}`} openDelay={copied ? 0 : 300}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color={copied ? "teal" : "gray"}
        aria-label={copied ? "Copied" : `Copy ${what}`}
        onClick={onCopy}
      >
        {copied ? <IconCheck size={14} /> : <IconCopy size={14} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  );
}
