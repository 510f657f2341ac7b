import type { DatasetType, JsonValue, ValueKind } from "../../bindings";
import { amount } from "../../components/words";

/** What a person calls a kind of value. */
export const kindWords: Record<ValueKind, string> = {
  empty: "Empty",
  boolean: "True or false",
  integer: "Whole number",
  number: "Number",
  text: "Text",
  list: "List",
  object: "Object",
  mixed: "Mixed",
};

/** What a person calls the format of a dataset's file. */
export const formatWords: Record<DatasetType, string> = {
  huggingface: "Hub",
  project: "Folder",
  project_csv: "CSV",
  project_json: "JSON",
  project_jsonl: "JSON Lines",
  project_parquet: "Parquet",
};

/** The name of a file without its folder; paths may come from any system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}

/** The name a dataset starts with: its file's name without the endings. */
export function stem(path: string): string {
  const name = fileName(path).replace(/\.(gz|zst)$/i, "");
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

/** A value on one line, as a cell of a grid shows it. */
export function oneLine(value: JsonValue): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  // A cell shows a few dozen characters; laying out a whole document in each would be slow.
  return text.slice(0, 300).replaceAll(/\s*\n\s*/g, " ↵ ");
}

/** The complete value, as the inspector shows it. */
export function inFull(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

export function countedRows(count: number): string {
  return `${amount(count)} ${count === 1 ? "row" : "rows"}`;
}
