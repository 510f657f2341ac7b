// A small part of the example workspace, over rows in memory.
import type { Deleted, Example, Row, TableCount, TableName } from "../../bindings";
import { kept } from "./fillings";
import { type FakeStore, refusal } from "./store";

const dataset = "e1a00000-0000-4000-8000-000000000001";

const rows: { table: TableName; id: string; name: string; fields: Row }[] = [
  {
    table: "datasets",
    id: dataset,
    name: "Shop messages",
    fields: {
      type: "project_csv",
      location: "/home/ada/.local/share/fine-tuning-studio/example/shop-messages.csv",
      features: '["message", "intent", "reply"]',
    },
  },
  {
    table: "prompts",
    id: "e1a00000-0000-4000-8000-000000000021",
    name: "Sort a message",
    fields: {
      dataset_id: dataset,
      input_template: "Customer: {message}\nIntent: ",
      completion_template: "{intent}",
      prompt_template: "Customer: {message}\nIntent: {intent}",
    },
  },
];

export function example(store: FakeStore): Example {
  const here = rows.filter(({ table, id }) => store.holds(table, "id", id));
  const changed = here
    .map(({ table, id }) => ({ table, id, label: store.get(table, id).label }))
    .filter(({ label }, at) => label !== here[at]?.name);
  return { rows: here.map(({ table }) => ({ table, rows: 1 })), changed, dependents: [] };
}

export function loadExample(store: FakeStore): TableCount[] {
  const missing = rows.filter(({ table, id }) => !store.holds(table, "id", id));
  for (const { table, id, name, fields } of missing) store.put(table, kept(table, { id, name, ...fields }));
  return missing.map(({ table }) => ({ table, rows: 1 }));
}

export function removeExample(store: FakeStore, withChanged: boolean | null): Deleted {
  const { changed } = example(store);
  if (changed.length > 0 && withChanged === null) throw refusal("conflict", "Some of it was changed.");
  const gone = rows
    .filter(({ table, id }) => store.holds(table, "id", id))
    .filter(({ id }) => withChanged || !changed.some((row) => row.id === id));
  return store.remove(gone);
}
