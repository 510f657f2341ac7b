import { IconPackageExport } from "@tabler/icons-react";
import { idOf } from "../api/tables";
import type { Listed, TableName, Way } from "../bindings";
import type { RowAction } from "../components/RowMenu";
import type { Go } from "./registry";

/** The tables whose rows can be exported in a way. */
const exported: Record<Way["way"], TableName[]> = {
  merge: ["adapters"],
  gguf: ["adapters", "models"],
  ollama: ["adapters", "models"],
  publish: ["adapters", "models", "datasets"],
  mlflow: ["adapters", "models"],
  model_registry: ["adapters"],
  cml_model: ["adapters"],
};

/** The ways to export rows of a table. */
export function waysFor(table: TableName): Way["way"][] {
  const ways = Object.keys(exported) as Way["way"][];
  return ways.filter((way) => exported[way].includes(table));
}

/** The action that opens the page of exports, where rows of the table can be exported. */
export function exportAction(table: "adapters" | "models" | "datasets", listed: Listed, go: Go): RowAction[] {
  if (waysFor(table).length === 0) return [];
  const names = { adapters: "adapter", models: "model", datasets: "dataset" } as const;
  const search = { [names[table]]: idOf(listed) };
  // The only way for a dataset.
  const label = table === "datasets" ? "Publish…" : "Export…";
  return [{ label, icon: IconPackageExport, run: () => void go({ to: "/export", search }) }];
}
