import { Button, Group, List, Loader, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useObstacles, useUndelete } from "../../api/deleted";
import { toAppError } from "../../api/errors";
import type { MissingReferences, Obstacle, RowKey } from "../../bindings";
import { curlyQuotes } from "../../format/texts";
import { Refusal } from "../Refusal";
import { showUndeleted } from "./useUndo";

type Props = { deletion: number; rows: RowKey[] | null; onClose: () => void };

const SHOWN = 6;

/** Asks how to restore rows that conflict with stored ones. */
export function UndeleteDialog({ deletion, rows, onClose }: Props) {
  const { data: obstacles, error, refetch } = useObstacles(deletion, rows);
  const undelete = useUndelete();
  const [missing, setMissing] = useState<MissingReferences | null>(null);
  const [names, setNames] = useState<Record<string, string>>({});

  const found = obstacles ?? [];
  const taken = found.filter(({ reason }) => reason === "name_taken");
  const referring = found.filter(({ reason }) => reason.startsWith("reference"));
  const gone = referring.some(({ reason }) => reason === "reference_gone");
  const blocked = found.some(({ reason }) => reason === "here_already" || reason === "value_taken");
  const nameOf = ({ row, label }: Obstacle) => names[row.id] ?? `${label} (brought back)`;
  const ready =
    obstacles && !blocked && (referring.length === 0 || missing) && taken.every((o) => nameOf(o).trim());

  const confirm = async () => {
    const request = {
      rows,
      missing: missing ?? "refuse",
      names: taken.map((obstacle) => ({ row: obstacle.row, name: nameOf(obstacle) })),
    };
    try {
      showUndeleted(await undelete.mutateAsync({ deletion, request }), deletion);
      onClose();
    } catch {
      // The dialog shows the error and stays open. The conflicts may have changed meanwhile.
      await refetch();
    }
  };

  return (
    <Modal opened onClose={onClose} title="Some rows can’t come back as they were" size={520}>
      <Stack gap={16}>
        {undelete.error && <Refusal error={toAppError(undelete.error)} />}
        {error && <Refusal error={toAppError(error)} onRetry={() => void refetch()} />}
        {!obstacles && !error && <Loader size="sm" aria-label="Looking for conflicts" />}
        {found.length > 0 && (
          <List size="sm" spacing={4} aria-label="Conflicts">
            {found.slice(0, SHOWN).map((obstacle) => (
              <List.Item key={`${obstacle.row.id} ${obstacle.column}`}>
                {curlyQuotes(obstacle.message)}
              </List.Item>
            ))}
            {found.length > SHOWN && <List.Item>and {found.length - SHOWN} more</List.Item>}
          </List>
        )}
        {obstacles?.length === 0 && <Text size="sm">There are no conflicts anymore.</Text>}
        {blocked && (
          <Text size="sm">
            Delete or change what is here first, or bring back the other rows one by one from the page
            Deleted.
          </Text>
        )}
        {!blocked &&
          taken.map((obstacle) => (
            <TextInput
              key={obstacle.row.id}
              label={`New name for “${obstacle.label}”`}
              value={nameOf(obstacle)}
              onChange={({ currentTarget: { value } }) =>
                setNames((old) => ({ ...old, [obstacle.row.id]: value }))
              }
            />
          ))}
        {!blocked && referring.length > 0 && (
          <Radio.Group
            label="What they refer to"
            value={missing}
            onChange={(next) => setMissing(next as MissingReferences)}
          >
            <Stack gap={12} mt={8}>
              <Radio
                value="undelete"
                disabled={gone}
                label="Bring it back too"
                description={gone ? "Some of it was deleted for good." : "With everything that it refers to."}
              />
              <Radio
                value="clear"
                label="Come back without it"
                description="The fields that referred to it stay empty."
              />
            </Stack>
          </Radio.Group>
        )}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button loading={undelete.isPending} disabled={!ready} onClick={confirm}>
            Bring back
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
