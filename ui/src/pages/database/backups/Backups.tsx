import { Anchor, Button, Loader, Table, Text, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { useBackUp, useBackups } from "../../../api/backups";
import { showError, toAppError } from "../../../api/errors";
import { Panel } from "../../../components/Panel";
import { Refusal } from "../../../components/Refusal";
import { BackupLine } from "./BackupLine";
import { Rule } from "./Rule";

const first = 8;

/** The backups of the database. */
export function Backups() {
  const { data, error, refetch } = useBackups();
  const backUp = useBackUp();
  const [whole, setWhole] = useState(false);
  const backups = data?.backups ?? [];
  return (
    <Panel
      title="Backups"
      about="Made before every import, restore and update of the program, and on request."
      action={
        <Button
          variant="default"
          onClick={() => backUp.mutate(undefined, { onError: showError })}
          loading={backUp.isPending}
        >
          Back up now
        </Button>
      }
    >
      {error && !data && <Refusal error={toAppError(error)} onRetry={() => void refetch()} />}
      {!error && !data && <Loader size="xs" aria-label="Looking for backups" />}
      {data && backups.length === 0 && (
        <Text size="sm" c="dimmed" mb={12}>
          There are no backups yet. One is made before the next import, or now if you like.
        </Text>
      )}
      {backups.length > 0 && (
        <Table verticalSpacing={6} aria-label="Backups" mb={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Made</Table.Th>
              <Table.Th>Why</Table.Th>
              <Table.Th ta="right">Size</Table.Th>
              <Table.Th w={172}>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {backups.slice(0, whole ? backups.length : first).map((backup) => (
              <BackupLine key={backup.id} backup={backup} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {backups.length > first && (
        <Anchor component="button" type="button" size="sm" mb={12} onClick={() => setWhole(!whole)}>
          {whole ? `Show only the latest ${first}` : `Show all ${backups.length}`}
        </Anchor>
      )}
      {data && <Rule rule={data.rule} />}
    </Panel>
  );
}
