import { Button, Group, List, Loader, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { toAppError } from "../../api/errors";
import { useCacheUses, useRemoveCached } from "../../api/hubSearch";
import { tableOf } from "../../api/tables";
import type { Cached, CacheUse } from "../../bindings";
import { Refusal } from "../../components/Refusal";
import { formatBytes } from "../../format/numbers";
import { capitalize } from "../../format/texts";

type Props = { repository: Cached; onClose: () => void };

/** Says what uses a repository of the cache, and removes it. */
export function RemoveDialog({ repository, onClose }: Props) {
  const uses = useCacheUses(repository);
  const remove = useRemoveCached();
  const busy = uses.data !== undefined && whyBusy(uses.data) !== null;
  const confirm = () =>
    remove.mutate(repository, {
      onSuccess: ({ name, bytes }) => {
        notifications.show({ message: `${name} was removed, and ${formatBytes(bytes)} were freed.` });
        onClose();
      },
    });
  return (
    <Modal opened onClose={onClose} title={`Remove ${repository.name} from this machine?`}>
      <Stack gap={12}>
        <Text size="sm">
          {capitalize(repository.kind)} with {formatBytes(repository.bytes)}. Other programs that use the
          Hub’s local cache lose it too. It can be fetched again.
        </Text>
        {!uses.data && !uses.error && <Loader size="sm" aria-label="Looking for what uses it" />}
        {uses.error && <Refusal error={toAppError(uses.error)} />}
        {uses.data && <Users uses={uses.data} />}
        {remove.error && <Refusal error={toAppError(remove.error)} />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red" disabled={!uses.data || busy} loading={remove.isPending} onClick={confirm}>
            Remove {formatBytes(repository.bytes)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** What uses a repository now, so that it can't be removed; null if nothing does. */
function whyBusy({
  repository,
  runs,
  transfers,
  is_loaded,
}: CacheUse): { message: string; hint: string } | null {
  if (runs.length > 0) {
    const names = runs.map(({ name }) => name).join(", ");
    return {
      message: `The run ${names} uses it and has not ended.`,
      hint: "Wait for its end, or stop it first.",
    };
  }
  if (transfers[0]) {
    const { state } = transfers[0];
    return {
      message: `A transfer of ${repository.name} is ${state}.`,
      hint: "Wait for its end, or cancel it under Transfers.",
    };
  }
  if (!is_loaded) return null;
  return { message: `${repository.name} is loaded by Try it or Serve.`, hint: "Unload it there first." };
}

function Users({ uses }: { uses: CacheUse }) {
  const { rows } = uses;
  const busy = whyBusy(uses);
  if (rows.length === 0 && !busy) {
    return (
      <Text size="sm" c="dimmed">
        No row and no run of this workspace uses it.
      </Text>
    );
  }
  return (
    <>
      {busy && <Refusal error={{ code: "in_use", ...busy, fields: [] }} />}
      {rows.length > 0 && (
        <div>
          <Text size="sm">These rows use it. They stay, and a run that needs it fetches it first:</Text>
          <List size="sm" aria-label="Rows that use it">
            {rows.map(({ table, id, label }) => (
              <List.Item key={`${table} ${id}`}>
                {label} ({tableOf(table).singular})
              </List.Item>
            ))}
          </List>
        </div>
      )}
    </>
  );
}
