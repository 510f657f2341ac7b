import { ActionIcon, Badge, Button, Group, Loader, Text, Tooltip } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { showError, toAppError } from "../../api/errors";
import { useCheckTarget, useLastCheck, useRemoveTarget } from "../../api/targets";
import type { Target } from "../../bindings";
import { Panel } from "../../components/Panel";
import { Refusal } from "../../components/Refusal";
import { CheckResult } from "./CheckResult";
import { Confirmation } from "./Confirmation";
import { Environment } from "./Environment";
import { HostKeyDialog } from "./HostKeyDialog";
import { kinds, LOCAL } from "./targetTexts";

type Props = {
  target: Target;
  /** It was added just now, and is checked at once. */
  isNew: boolean;
  onEdit: () => void;
};

/** A target with what its last check found. */
export function TargetCard({ target, isNew, onEdit }: Props) {
  const { id, name, settings, confirmed } = target;
  const { data: last } = useLastCheck(id);
  const check = useCheckTarget(id);
  const [asksKey, setAsksKey] = useState(false);
  const look = (acceptHostKey: string | null) => {
    setAsksKey(false);
    check.mutate(acceptHostKey, {
      onSuccess: ({ host_key }) => setAsksKey(host_key?.known === false),
    });
  };
  const unchecked = last === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is known that it was never checked
  useEffect(() => {
    if (isNew && unchecked) look(null);
  }, [isNew, unchecked]);
  const key = last?.check.host_key;
  return (
    <Panel
      title={name}
      dense
      about={
        <>
          {kinds[settings.kind].label} · {settings.host === LOCAL ? "this machine" : settings.host} ·{" "}
          {settings.folder}
        </>
      }
      action={
        <Group gap={8} wrap="nowrap">
          {!confirmed && (
            <Badge color="yellow" variant="light" radius="sm" tt="none" fw={500}>
              Not confirmed
            </Badge>
          )}
          <Button
            variant="default"
            loading={check.isPending}
            disabled={!confirmed}
            onClick={() => look(null)}
          >
            Check
          </Button>
          <Tooltip label="Edit">
            <ActionIcon variant="default" size={30} aria-label={`Edit ${name}`} onClick={onEdit}>
              <IconPencil size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <RemoveButton target={target} />
        </Group>
      }
    >
      {!confirmed && <Confirmation target={target} />}
      {check.isPending && (
        <Group gap={8} mb={8}>
          <Loader size={14} aria-hidden />
          <Text size="sm" role="status">
            Connecting to {settings.host}, and looking for Python, GPUs and free disk…
          </Text>
        </Group>
      )}
      {check.error && <Refusal error={toAppError(check.error)} onRetry={() => look(null)} />}
      {confirmed && unchecked && !check.isPending && !check.error && (
        <Text size="sm" c="dimmed">
          Not checked yet.
        </Text>
      )}
      {last && !check.isPending && (
        <CheckResult
          last={last}
          isFresh={check.isSuccess}
          onKey={key && !key.known ? () => setAsksKey(true) : undefined}
        />
      )}
      {confirmed && last?.check.environment && (
        <Environment target={target} environment={last.check.environment} />
      )}
      {asksKey && key && (
        <HostKeyDialog
          hostKey={key}
          onAccept={() => look(key.fingerprint)}
          onClose={() => setAsksKey(false)}
        />
      )}
    </Panel>
  );
}

function RemoveButton({ target: { id, name, settings } }: { target: Target }) {
  const remove = useRemoveTarget();
  const ask = () =>
    modals.openConfirmModal({
      title: `Remove “${name}”?`,
      children: (
        <Text size="sm">
          It is no longer offered here. Nothing is removed there: {settings.folder} stays as it is.
        </Text>
      ),
      labels: { confirm: "Remove", cancel: "Keep" },
      confirmProps: { color: "red" },
      onConfirm: () => remove.mutate(id, { onError: showError }),
    });
  return (
    <Tooltip label="Remove">
      <ActionIcon
        variant="default"
        size={30}
        aria-label={`Remove ${name}`}
        loading={remove.isPending}
        onClick={ask}
      >
        <IconTrash size={15} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}
