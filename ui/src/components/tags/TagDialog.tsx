import { Button, Group, Modal, MultiSelect, Stack, TagsInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { toAppError } from "../../api/errors";
import { tableOf } from "../../api/tables";
import { useRetag, useTags } from "../../api/tags";
import type { TableName } from "../../bindings";
import { counted } from "../../format/texts";
import { Refusal } from "../Refusal";
import { LONGEST_TAG } from "./TagEditor";

type Props = { table: TableName; ids: string[]; onClose: () => void };

/** Adds tags to several rows and removes tags from them. */
export function TagDialog({ table, ids, onClose }: Props) {
  const { data: known = [] } = useTags(null);
  const { data: here = [] } = useTags(table);
  const retag = useRetag(table);
  const [put, setPut] = useState<string[]>([]);
  const [take, setTake] = useState<string[]>([]);
  const rows = counted(ids.length, tableOf(table));
  const save = () =>
    retag.mutate(
      { ids, put, take },
      {
        onSuccess: () => {
          notifications.show({ message: `The tags of ${rows} were changed.` });
          onClose();
        },
      },
    );
  return (
    <Modal opened onClose={onClose} title={`Tag ${rows}`} size={440}>
      <Stack gap={16}>
        {retag.error && <Refusal error={toAppError(retag.error)} />}
        <TagsInput
          label="Add tags"
          data-autofocus
          // An open list, even an empty one, would take the Escape key from the dialog.
          openOnFocus={false}
          value={put}
          onChange={setPut}
          data={known.map(({ tag }) => tag)}
          maxLength={LONGEST_TAG}
          acceptValueOnBlur
        />
        {here.length > 0 && (
          <MultiSelect
            label="Remove tags"
            value={take}
            onChange={setTake}
            data={here.map(({ tag }) => tag)}
            searchable
          />
        )}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={retag.isPending} disabled={put.length + take.length === 0} onClick={save}>
            Change tags
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
