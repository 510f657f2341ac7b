import { IconPackage } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import type { TableName } from "../../bindings";
import type { Action } from "../registry";

/** The table that rows are added to from the Hub's cache; null while the dialog is closed. */
let table: TableName | null = null;
const listeners = new Set<() => void>();

export function browse(next: TableName | null) {
  table = next;
  for (const listener of listeners) listener();
}

export function useBrowsing(): TableName | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => table,
  );
}

export function fromHubCache(table: TableName): Action {
  return { label: "From the Hub cache", icon: IconPackage, run: () => browse(table) };
}
