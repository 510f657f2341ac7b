import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { HostKey } from "../../bindings";
import { CopyButton } from "../../components/clipboard";
import css from "./Compute.module.css";

type Props = { hostKey: HostKey; onAccept: () => void; onClose: () => void };

/** Asks whether the key that a host showed is its own, which only a person can know. */
export function HostKeyDialog({ hostKey: { host, kind, fingerprint }, onAccept, onClose }: Props) {
  const command = `ssh-keygen -lf /etc/ssh/ssh_host_${kind.toLowerCase()}_key.pub`;
  return (
    <Modal opened onClose={onClose} title={`Is this the key of “${host}”?`} size={560}>
      <Stack gap={12}>
        <Text size="sm">
          This computer has not connected to {host} before. It showed this {kind} key:
        </Text>
        <Code text={fingerprint} what="fingerprint" />
        <Text size="sm">
          Compare it with the one that its administrator names, or that this command prints on that machine:
        </Text>
        <Code text={command} what="command" />
        <Text size="sm" c="dimmed">
          The key is then added to your known hosts, and a host that shows another one is refused.
        </Text>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={onAccept}>They are the same</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Code({ text, what }: { text: string; what: string }) {
  return (
    <div className={css.code}>
      <code>{text}</code>
      <CopyButton value={text} what={what} />
    </div>
  );
}
