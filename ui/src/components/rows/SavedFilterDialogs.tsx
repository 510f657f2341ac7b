import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { toAppError } from "../../api/errors";
import { useRenameFilter, useSaveFilter } from "../../api/tags";
import type { SavedFilter, TableName, View } from "../../bindings";
import { Refusal } from "../Refusal";

type SaveProps = { table: TableName; view: View; saved: SavedFilter[]; onClose: () => void };

/** Saves a view under a new name, or replaces the one with the same name. */
export function SaveFilterDialog({ table, view, saved, onClose }: SaveProps) {
  const save = useSaveFilter(table);
  return (
    <NameDialog
      title="Save this filter"
      error={save.error}
      verb={(name) =>
        saved.some((filter) => filter.name.toLowerCase() === name.toLowerCase()) ? "Replace" : "Save"
      }
      onClose={onClose}
      onName={(name) => save.mutate({ name, view }, { onSuccess: onClose })}
    />
  );
}

export function RenameFilterDialog({
  table,
  name,
  onClose,
}: {
  table: TableName;
  name: string;
  onClose: () => void;
}) {
  const rename = useRenameFilter(table);
  return (
    <NameDialog
      title={`Rename “${name}”`}
      start={name}
      error={rename.error}
      verb={() => "Rename"}
      onClose={onClose}
      onName={(to) => rename.mutate({ from: name, to }, { onSuccess: onClose })}
    />
  );
}

type NameProps = {
  title: string;
  start?: string;
  error: Error | null;
  verb: (name: string) => string;
  onName: (name: string) => void;
  onClose: () => void;
};

function NameDialog({ title, start = "", error, verb, onName, onClose }: NameProps) {
  const [name, setName] = useState(start);
  return (
    <Modal opened onClose={onClose} title={title} size={400}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onName(name.trim());
        }}
      >
        <Stack gap={16}>
          {error && <Refusal error={toAppError(error)} />}
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={name.trim() === ""}>
              {verb(name.trim())}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
