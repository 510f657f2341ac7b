import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconBookmark, IconBookmarkPlus, IconPencil, IconTags, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { showError } from "../../api/errors";
import { useDeleteFilter, useSavedFilters } from "../../api/tags";
import type { TableName, View } from "../../bindings";
import { ManageTagsDialog } from "../tags/ManageTagsDialog";
import { RenameFilterDialog, SaveFilterDialog } from "./SavedFilterDialogs";

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
  const remove = useDeleteFilter(table);
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
                onClick={() => remove.mutate(current.name, { onError: showError })}
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
      {dialog?.show === "save" && (
        <SaveFilterDialog table={table} view={view} saved={saved} onClose={close} />
      )}
      {dialog?.show === "rename" && <RenameFilterDialog table={table} name={dialog.name} onClose={close} />}
      {dialog?.show === "tags" && <ManageTagsDialog onClose={close} />}
    </>
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
