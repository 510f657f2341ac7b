import type { DatasetType, ValueKind } from "../../bindings";

export const valueKindLabels: Record<ValueKind, string> = {
  empty: "Empty",
  boolean: "True or false",
  integer: "Whole number",
  number: "Number",
  text: "Text",
  list: "List",
  object: "Object",
  mixed: "Mixed",
};

export const datasetTypeLabels: Record<DatasetType, string> = {
  huggingface: "Hub",
  project: "Folder",
  project_csv: "CSV",
  project_json: "JSON",
  project_jsonl: "JSON Lines",
  project_parquet: "Parquet",
};
