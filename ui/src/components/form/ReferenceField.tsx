import { Loader, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useList, useRow } from "../../api/store";
import { idOf, tableOf } from "../../api/tables";
import type { Filter, Link, TableName } from "../../bindings";
import { inSentence } from "../../format/texts";
import type { CommonProps } from "./Field";

type Props = {
  table: TableName;
  common: CommonProps;
  link: Link | undefined;
  /** Filters of the offered rows. */
  filters?: Filter[];
  /** The ids of rows that are not offered. */
  without?: string[];
};

const any: Filter[] = [];
const none: string[] = [];

/** Chooses a row of another table. The database searches, so any number of rows will do. */
export function ReferenceField({ table, common, link, filters = any, without = none }: Props) {
  const { singular, plural } = tableOf(table);
  const value = String(common.value ?? "");
  const [words, setWords] = useState("");
  const [search] = useDebouncedValue(words, 120);
  const found = useList(table, { search: search || null, sort: null, filters, offset: 0, limit: 50 });
  const data = (found.data?.rows ?? [])
    .map((listed) => ({ value: idOf(listed), label: listed.label }))
    .filter((option) => !without.includes(option.value));
  const known = data.some((option) => option.value === value);
  const name = useNameOf(table, value, link, known);
  if (value && !known) data.unshift({ value, label: name });
  const chosen = data.find((option) => option.value === value)?.label;
  return (
    <Select
      {...common}
      data={data}
      value={value || null}
      onChange={(next) => common.onChange(next ?? "")}
      searchable
      openOnFocus={false}
      // Choosing a row writes its name into the field, which is not a search.
      onSearchChange={(typed) => setWords(typed === chosen ? "" : typed)}
      filter={({ options }) => options}
      clearable={!common.required}
      allowDeselect={!common.required}
      clearButtonProps={{ "aria-label": `Clear ${inSentence(common.label)}` }}
      placeholder={common.placeholder ?? `Choose a ${singular}`}
      nothingFoundMessage={words ? `No ${plural} match “${words}”` : `No ${plural} yet`}
      rightSection={found.isFetching ? <Loader size={14} /> : undefined}
      maxDropdownHeight={280}
    />
  );
}

/** The label of a chosen row that is not among the search results. */
function useNameOf(table: TableName, id: string, link: Link | undefined, known: boolean): string {
  const needed = id !== "" && !known && !link?.label;
  const row = useRow(table, id, needed);
  return link?.label ?? row.data?.label ?? `${id} (not here)`;
}
