// Changes that the core reports: made by this window, by `fts`, or by any program that writes the file. They
// refresh what is shown of them, so that no query repeats.
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { events, type StoreChanged, TABLES, type TableName } from "../bindings";
import { onEvent } from "../platform";

const FILE_STATE = "state";
const SERVING = "serving";

/** Refreshes the queries that a change touches, from now on. Returns a function that stops it. */
export function followChanges(client: QueryClient): () => void {
  const refresh = refresher(client);
  const stops = [
    onEvent(events.storeChanged, (change) => refresh((key) => showsStoreChange(key, change))),
    onEvent(events.runChanged, ({ id }) => refresh((key) => showsRun(key, id))),
    onEvent(events.datasetFileChanged, ({ id }) => refresh((key) => showsFileState(key, id))),
    onEvent(events.servingChanged, () => refresh(([, name]) => name === SERVING)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/**
 * Refreshes queries that match. A query that is being refreshed is not begun again, which could keep it
 * from ever ending, but refreshed once more afterwards.
 */
function refresher(client: QueryClient) {
  /** By the hash of a query's key, whether it changed again since its refresh began. */
  const refreshing = new Map<string, boolean>();
  const refreshOne = async (hash: string, queryKey: QueryKey) => {
    if (refreshing.has(hash)) {
      refreshing.set(hash, true);
      return;
    }
    do {
      refreshing.set(hash, false);
      await client.invalidateQueries({ queryKey, exact: true });
    } while (refreshing.get(hash));
    refreshing.delete(hash);
  };
  return (matches: (key: QueryKey) => boolean) => {
    for (const { queryHash, queryKey } of client.getQueryCache().findAll({ queryKey: ["store"] })) {
      if (matches(queryKey)) void refreshOne(queryHash, queryKey);
    }
  };
}

/** Whether what a query shows may be different after a change of the store. */
export function showsStoreChange(
  [, name, subject, part]: QueryKey,
  { tables, runs, transfers }: StoreChanged,
): boolean {
  switch (name) {
    case "list":
    case "row":
    case "usedBy":
    case "hubRecord":
      return tables.some((table) => near(subject as TableName).has(table));
    case "runLog":
    case "evaluationResults":
      return runs;
    case "transfers":
      return transfers;
    // The rows of a file are cached by the version of the file.
    case "file":
      return part === FILE_STATE;
    // What is served has an event of its own.
    case SERVING:
      return false;
    // Loaded again, initial values of a form would replace typed ones.
    case "begin":
      return false;
    // Counts, settings, searches and what spans tables.
    default:
      return true;
  }
}

/** Whether a query shows the output of a run. */
export function showsRun([, name, subject]: QueryKey, id: string): boolean {
  switch (name) {
    case "runs":
      return true;
    case "run":
    case "runLog":
    case "evaluationResults":
      return subject === id;
    case "compareRuns":
      return (subject as string[]).includes(id);
    default:
      return false;
  }
}

/** Whether a query shows the state of the file of a dataset. */
function showsFileState([, name, subject, part]: QueryKey, id: string): boolean {
  return name === "file" && subject === id && part === FILE_STATE;
}

const neighbors = new Map<TableName, Set<TableName>>();

/** A table, those it refers to and those that refer to it: rows show names and counts of the others. */
function near(table: TableName): Set<TableName> {
  let tables = neighbors.get(table);
  if (!tables) {
    tables = new Set([table]);
    for (const { name, columns } of TABLES) {
      for (const { kind } of columns) {
        if (kind.is !== "reference") continue;
        if (name === table) tables.add(kind.table);
        if (kind.table === table) tables.add(name);
      }
    }
    neighbors.set(table, tables);
  }
  return tables;
}
