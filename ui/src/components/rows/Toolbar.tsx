import { ActionIcon, Button, Group, Kbd, Loader, Select, Text, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconCopy, IconFileExport, IconSearch, IconTags, IconTrash } from "@tabler/icons-react";
import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { useTags } from "../../api/tags";
import type { Column, Table, View } from "../../bindings";
import { formatNumber } from "../../format/numbers";
import { counted, inSentence } from "../../format/texts";
import { SavedFilters } from "./SavedFilters";
import { StateFilter } from "./StateFilter";
import css from "./Toolbar.module.css";

type Props = {
  table: Table;
  search: string;
  onSearch: (words: string) => void;
  searchRef: RefObject<HTMLInputElement | null>;
  filters: Record<string, string>;
  onFilter: (column: string, value: string | null) => void;
  total: number;
  searching: boolean;
  selected: number;
  view: View;
  onApply: (view: View) => void;
  onTag: () => void;
  onCopy: () => void;
  onExport: () => void;
  onDelete: () => void;
  onClearSelection: () => void;
  /** More actions for the selected rows. */
  children?: ReactNode;
};

export function Toolbar(props: Props) {
  const { table, search, onSearch, searchRef, filters, onFilter, total, searching, selected } = props;
  const choices = table.columns.filter(({ listed, kind }) => listed && kind.is === "choice");
  return (
    <div className={css.toolbar}>
      <Group gap={8} pb={12} wrap="nowrap">
        <Search
          table={table}
          search={search}
          onSearch={onSearch}
          inputRef={searchRef}
          searching={searching}
        />
        <div className={css.filters} data-selecting={selected > 0 || undefined}>
          {choices.map((column) => (
            <ChoiceFilter
              key={column.name}
              column={column}
              value={filters[column.name] ?? null}
              onChange={(value) => onFilter(column.name, value)}
            />
          ))}
          <TagFilter table={table} value={filters.tag ?? null} onChange={(tag) => onFilter("tag", tag)} />
          <StateFilter filters={filters} onFilter={onFilter} />
          <SavedFilters table={table.name} view={props.view} onApply={props.onApply} />
        </div>
        <Group gap={8} ml="auto" wrap="nowrap" className={selected > 0 ? css.actions : css.total}>
          {selected > 0 ? (
            <>
              <Text size="sm" className="tabular" style={{ whiteSpace: "nowrap" }}>
                {formatNumber(selected)} selected
              </Text>
              <Button variant="default" onClick={props.onClearSelection}>
                Clear
              </Button>
              {props.children}
              <Button
                variant="default"
                leftSection={<IconTags size={15} stroke={1.6} />}
                onClick={props.onTag}
              >
                Tag…
              </Button>
              <Tooltip label="Copy as JSON (Ctrl+C)">
                <ActionIcon variant="default" size={30} aria-label="Copy as JSON" onClick={props.onCopy}>
                  <IconCopy size={15} stroke={1.6} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label="Export…">
                <ActionIcon variant="default" size={30} aria-label="Export…" onClick={props.onExport}>
                  <IconFileExport size={15} stroke={1.6} />
                </ActionIcon>
              </Tooltip>
              <Button
                color="red"
                variant="light"
                leftSection={<IconTrash size={15} stroke={1.6} />}
                onClick={props.onDelete}
              >
                Delete…
              </Button>
            </>
          ) : (
            <Text size="xs" c="dimmed" className="tabular" role="status" truncate>
              {counted(total, table)}
            </Text>
          )}
        </Group>
      </Group>
    </div>
  );
}

type SearchProps = Pick<Props, "table" | "search" | "onSearch" | "searching"> & {
  inputRef: Props["searchRef"];
};

/** Searches while the user types, after a pause of 150 ms. */
function Search({ table, search, onSearch, inputRef, searching }: SearchProps) {
  const [words, setWords] = useState(search);
  const searchSoon = useDebouncedCallback(onSearch, 150);
  useEffect(() => setWords(search), [search]);
  return (
    <TextInput
      ref={inputRef}
      w={280}
      miw={128}
      type="search"
      aria-label={`Search ${table.plural}`}
      placeholder={`Search ${table.plural}`}
      leftSection={<IconSearch size={15} stroke={1.6} />}
      rightSection={searching ? <Loader size={14} /> : !words && <Kbd size="xs">/</Kbd>}
      value={words}
      onChange={(event) => {
        setWords(event.currentTarget.value);
        searchSoon(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        if (words) {
          event.stopPropagation();
          setWords("");
          onSearch("");
        }
        event.currentTarget.blur();
      }}
    />
  );
}

type TagFilterProps = { table: Table; value: string | null; onChange: (tag: string | null) => void };

function TagFilter({ table, value, onChange }: TagFilterProps) {
  const { data: tags = [] } = useTags(table.name);
  if (tags.length === 0 && value === null) return null;
  const known = tags.map(({ tag }) => tag);
  return (
    <Select
      w={140}
      miw={100}
      aria-label="Filter by tag"
      placeholder="Any tag"
      data={value === null || known.includes(value) ? known : [...known, value]}
      value={value}
      onChange={onChange}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "Clear the filter by tag" }}
      comboboxProps={{ width: 220, position: "bottom-start" }}
    />
  );
}

type FilterProps = { column: Column; value: string | null; onChange: (value: string | null) => void };

function ChoiceFilter({ column, value, onChange }: FilterProps) {
  if (column.kind.is !== "choice" || column.kind.options.length < 2) return null;
  return (
    <Select
      w={168}
      miw={110}
      aria-label={`Filter by ${inSentence(column.label)}`}
      placeholder={`Any ${inSentence(column.label)}`}
      data={column.kind.options}
      value={value}
      onChange={onChange}
      clearable
      allowDeselect
      clearButtonProps={{ "aria-label": `Clear the filter by ${inSentence(column.label)}` }}
      comboboxProps={{ width: 220, position: "bottom-start" }}
    />
  );
}
