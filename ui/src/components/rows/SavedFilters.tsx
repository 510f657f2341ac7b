import { ActionIcon, Button, Group, Menu, Modal, Stack, TextInput, Tooltip } from "@mantine/core";
import { IconBookmark, IconBookmarkPlus, IconPencil, IconTags, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { showError, toAppError } from "../../api/errors";
import { useDeleteFilter, useRenameFilter, useSavedFilters, useSaveFilter } from "../../api/tags";
import type { SavedFilter, TableName, View } from "../../bindings";
import { Refusal } from "../Refusal";
import { ManageTagsDialog } from "../tags/ManageTagsDialog";

type Props = {
  table: TableName;
  /** The current view of the list. */
  view: View;
  onApply: (view: View) => void;
};

type Dialog = { show: "save" } | { show: "rename"; name: string } | { show: "tags" };

/** Named views of a list: search, sort order and filters. */
export function SavedFilters({ table, view, onApply }: Props) {
  const { data: saved = [] } = useSavedFilters(table);
  const forget = useDeleteFilter(table);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const current = saved.find((filter) => same(filter.view, view));
  const close = () => setDialog(null);
  const nothing = same(view, { search: null, sort: null, filters: [] });
  return (
    <>
      <Menu position="bottom-start" width={260}>
        <Menu.Target>
          <Tooltip label="Saved filters">
            <ActionIcon
              variant={current ? "light" : "default"}
              size={30}
              aria-label={current ? `Saved filters: ${current.name}` : "Saved filters"}
            >
              <IconBookmark size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {saved.length > 0 && <Menu.Label>Saved filters</Menu.Label>}
          {saved.map((filter) => (
            <Menu.Item
              key={filter.name}
              onClick={() => onApply(filter.view)}
              fw={filter === current ? 600 : undefined}
            >
              {filter.name}
            </Menu.Item>
          ))}
          {saved.length > 0 && <Menu.Divider />}
          <Menu.Item
            leftSection={<IconBookmarkPlus size={15} stroke={1.6} />}
            disabled={nothing}
            onClick={() => setDialog({ show: "save" })}
          >
            Save this filter…
          </Menu.Item>
          {current && (
            <>
              <Menu.Item
                leftSection={<IconPencil size={15} stroke={1.6} />}
                onClick={() => setDialog({ show: "rename", name: current.name })}
              >
                Rename “{current.name}”…
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={15} stroke={1.6} />}
                onClick={() => forget.mutate(current.name, { onError: showError })}
              >
                Delete “{current.name}”
              </Menu.Item>
            </>
          )}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconTags size={15} stroke={1.6} />}
            onClick={() => setDialog({ show: "tags" })}
          >
            Rename or delete tags…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog?.show === "save" && <Save table={table} view={view} saved={saved} onClose={close} />}
      {dialog?.show === "rename" && <Rename table={table} name={dialog.name} onClose={close} />}
      {dialog?.show === "tags" && <ManageTagsDialog onClose={close} />}
    </>
  );
}

type SaveProps = { table: TableName; view: View; saved: SavedFilter[]; onClose: () => void };

function Save({ table, view, saved, onClose }: SaveProps) {
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

function Rename({ table, name, onClose }: { table: TableName; name: string; onClose: () => void }) {
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

function same(a: View, b: View): boolean {
  const text = ({ search, sort, filters }: View) =>
    JSON.stringify([
      search,
      sort && [sort.column, sort.descending],
      filters.map(({ column, value }) => [column, value]).toSorted(),
    ]);
  return text(a) === text(b);
}
