// Tags and saved filters in memory.
import type { SavedFilter, TableName, View } from "../../bindings";
import { type FakeStore, refusal } from "./store";

type Tagging = { table: TableName; ids: string[]; tags: string[] };
type Renaming = { table: TableName; from: string; to: string };
type Saving = { table: TableName; name: string; view: View };

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

export function fakeTags(store: FakeStore) {
  const saved = new Map<TableName, SavedFilter[]>();
  const filtersOf = (table: TableName) => saved.get(table) ?? [];
  const keep = (table: TableName, filters: SavedFilter[]) =>
    saved.set(
      table,
      filters.toSorted((a, b) => a.name.localeCompare(b.name, "en")),
    );
  const known = (table: TableName, name: string) => {
    const found = filtersOf(table).find((filter) => same(filter.name, name));
    if (!found) throw refusal("not_found", `There is no filter called '${name}'.`);
    return found;
  };
  return {
    tag: ({ table, ids, tags }: Tagging) => {
      const known = store.tags(null).map(({ tag }) => tag);
      const spelt = tags.map((tag) => known.find((other) => same(other, tag)) ?? tag);
      return store.retag(table, ids, (old) => [
        ...old,
        ...spelt.filter((tag) => !old.some((t) => same(t, tag))),
      ]);
    },
    untag: ({ table, ids, tags }: Tagging) =>
      store.retag(table, ids, (old) => old.filter((tag) => !tags.some((other) => same(other, tag)))),
    tags: ({ table }: { table: TableName | null }) => store.tags(table),
    rename_tag: ({ from, to }: Renaming) =>
      store.retagAll((old) => [...new Set(old.map((tag) => (same(tag, from) ? to : tag)))]),
    delete_tag: ({ tag }: { tag: string }) =>
      store.retagAll((old) => old.filter((other) => !same(other, tag))),
    saved_filters: ({ table }: { table: TableName }) => filtersOf(table),
    save_filter: ({ table, name, view }: Saving) => {
      const filter = { name: name.trim(), view };
      keep(table, [...filtersOf(table).filter((other) => !same(other.name, filter.name)), filter]);
      return filter;
    },
    rename_filter: ({ table, from, to }: Renaming) => {
      const old = known(table, from);
      if (!same(from, to) && filtersOf(table).some(({ name }) => same(name, to)))
        throw refusal("conflict", `Another filter is called '${to}'.`);
      keep(
        table,
        filtersOf(table).map((filter) => (filter === old ? { ...old, name: to } : filter)),
      );
      return null;
    },
    delete_filter: ({ table, name }: { table: TableName; name: string }) => {
      const old = known(table, name);
      keep(
        table,
        filtersOf(table).filter((filter) => filter !== old),
      );
      return null;
    },
  };
}
