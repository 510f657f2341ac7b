import { ActionIcon, Button, Group, Modal, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { toAppError } from "../../api/errors";
import { useDeleteTag, useRenameTag, useTags } from "../../api/tags";
import type { TagCount } from "../../bindings";
import { plural } from "../../format/texts";
import { Refusal } from "../Refusal";
import { Tag } from "./Tag";
import { LONGEST_TAG } from "./TagEditor";

/** Renames and deletes tags on every row of every table. */
export function ManageTagsDialog({ onClose }: { onClose: () => void }) {
  const { data: tags = [] } = useTags(null);
  const rename = useRenameTag();
  const remove = useDeleteTag();
  const [renaming, setRenaming] = useState<string | null>(null);
  const error = rename.error ?? remove.error;
  return (
    <Modal opened onClose={onClose} title="Tags" size={440}>
      <Stack gap={8}>
        {error && <Refusal error={toAppError(error)} />}
        <Text size="sm" c="dimmed">
          {tags.length > 0
            ? "A change here is made on every row of every list."
            : "No row has a tag. Tags are added in a row's panel, or to selected rows of a list."}
        </Text>
        {tags.map((count) =>
          renaming === count.tag ? (
            <Rename
              key={count.tag}
              tag={count.tag}
              onDone={(to) => {
                setRenaming(null);
                if (to && to !== count.tag) rename.mutate({ from: count.tag, to });
              }}
            />
          ) : (
            <Line
              key={count.tag}
              count={count}
              onRename={() => setRenaming(count.tag)}
              onDelete={() => remove.mutate(count.tag)}
            />
          ),
        )}
      </Stack>
    </Modal>
  );
}

type LineProps = { count: TagCount; onRename: () => void; onDelete: () => void };

function Line({ count: { tag, rows }, onRename, onDelete }: LineProps) {
  return (
    <Group gap={8} wrap="nowrap" role="group" aria-label={tag}>
      <Tag tag={tag} />
      <Text size="xs" c="dimmed" className="tabular" style={{ flex: 1 }}>
        {plural(rows, "row")}
      </Text>
      <Tooltip label="Rename">
        <ActionIcon variant="subtle" color="gray" aria-label={`Rename ${tag}`} onClick={onRename}>
          <IconPencil size={15} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Remove from every row">
        <ActionIcon variant="subtle" color="red" aria-label={`Delete ${tag}`} onClick={onDelete}>
          <IconTrash size={15} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function Rename({ tag, onDone }: { tag: string; onDone: (to: string | null) => void }) {
  const [to, setTo] = useState(tag);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onDone(to.trim());
      }}
    >
      <Group gap={8} wrap="nowrap">
        <TextInput
          aria-label={`New name of ${tag}`}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          maxLength={LONGEST_TAG}
          style={{ flex: 1 }}
          autoFocus
        />
        <Button type="submit" disabled={to.trim() === ""}>
          Rename
        </Button>
        <Button variant="default" onClick={() => onDone(null)}>
          Keep
        </Button>
      </Group>
    </form>
  );
}
