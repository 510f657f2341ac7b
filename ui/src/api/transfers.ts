// Exports of rows and databases, and imports of snapshots and databases.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  commands,
  type Exported,
  type ExportFormat,
  type ImportPolicy,
  type ImportReport,
  type Plan,
  type RowsForm,
  type TableName,
} from "../bindings";
import type { Work } from "./useTask";

/** Writes tables to one new file; null is all tables. */
export const exportDatabase =
  (path: string, format: ExportFormat, tables: TableName[] | null): Work<Exported> =>
  (task, onProgress) =>
    commands.exportDatabase(path, format, tables, task, onProgress);

/** Writes some rows of a table to a new file. */
export const exportRows =
  (path: string, table: TableName, ids: string[], form: RowsForm): Work<Exported> =>
  (task, onProgress) =>
    commands.exportRows(path, table, ids, form, task, onProgress);

/** Reads a file and finds what its import would change. The core keeps the plan until it is discarded. */
export const planImport =
  (path: string): Work<Plan> =>
  (task, onProgress) =>
    commands.planImport(path, task, onProgress);

/** Imports the file of the current plan. */
export const importSnapshot =
  (policy: ImportPolicy): Work<ImportReport> =>
  (task, onProgress) =>
    commands.importSnapshot(policy, task, onProgress);

export const discardImport = () => commands.discardImport();

/** Conflicting rows of the current plan. `view` differs for every plan, so that none is shown for another. */
export function useImportConflicts(view: string, table: TableName, offset: number, limit: number) {
  return useQuery({
    queryKey: ["importConflicts", view, table, offset],
    queryFn: () => commands.importConflicts(table, offset, limit),
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
