import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, type IconProps, IconRefresh, IconX } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { showError } from "../../api/errors";
import {
  isUnderWay,
  useCancelTransfer,
  useForgetTransfers,
  usePauseTransfer,
  useResumeTransfer,
} from "../../api/transfers";
import type { Transfer } from "../../bindings";

/** What can be done with a transfer: pause, resume, try again, cancel, remove from the list. */
export function TransferActions({ transfer, inList = false }: { transfer: Transfer; inList?: boolean }) {
  const { id, name, state } = transfer;
  const pause = usePauseTransfer();
  const resume = useResumeTransfer();
  const cancel = useCancelTransfer();
  const forget = useForgetTransfers();
  const failed = { onError: showError };
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {isUnderWay(transfer) && (
        <Action label="Pause" name={name} icon={IconPlayerPause} onAct={() => pause.mutate(id, failed)} />
      )}
      {state === "paused" && (
        <Action label="Resume" name={name} icon={IconPlayerPlay} onAct={() => resume.mutate(id, failed)} />
      )}
      {(state === "failed" || state === "cancelled") && (
        <Action label="Try again" name={name} icon={IconRefresh} onAct={() => resume.mutate(id, failed)} />
      )}
      {state !== "done" && state !== "cancelled" && (
        <Action label="Cancel" name={name} icon={IconX} onAct={() => cancel.mutate(id, failed)} />
      )}
      {inList && (state === "done" || state === "cancelled") && (
        <Action
          label="Remove from the list"
          name={name}
          icon={IconX}
          onAct={() => forget.mutate(id, failed)}
        />
      )}
    </Group>
  );
}

type ActionProps = { label: string; name: string; icon: ComponentType<IconProps>; onAct: () => void };

function Action({ label, name, icon: Icon, onAct }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={`${label}: ${name}`} onClick={onAct}>
        <Icon size={16} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}
