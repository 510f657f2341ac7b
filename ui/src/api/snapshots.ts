// Exports of rows and databases, and imports of snapshots and databases.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  type ArchiveImportPlan,
  type ArchiveImportReport,
  type ArchiveProgress,
  commands,
  type Exported,
  type ExportFormat,
  type ImportPolicy,
  type ImportReport,
  type Plan,
  type Progress,
  type RowsForm,
  type TableName,
} from "../bindings";
import { isArchive } from "./archives";
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

/** The plan of an import: of rows and, if the file is an archive, of files. */
export type Incoming = { rows: Plan; archive: ArchiveImportPlan | null };

/** The result of an import. */
export type Imported = { rows: ImportReport; archive: ArchiveImportReport | null };

/** The progress of a snapshot or of an archive. */
export type ImportProgress = Progress | ArchiveProgress;

/** Reads a file and finds what its import would change. The core keeps the plan until it is discarded. */
export function planImport(path: string): Work<Incoming, ImportProgress> {
  if (!isArchive(path)) {
    return async (task, onProgress) => ({
      rows: await commands.planImport(path, task, onProgress),
      archive: null,
    });
  }
  return async (task, onProgress) => {
    const archive = await commands.planArchiveImport(path, task, onProgress);
    return { rows: archive.rows, archive };
  };
}

/** The same for the studio in the project of a workbench, which is a compute target. */
export const planPull =
  (target: string): Work<Incoming, ImportProgress> =>
  async (task, onProgress) => ({
    rows: await commands.planPull(target, null, task, onProgress),
    archive: null,
  });

/** Imports the file of the current plan. */
export function importPlanned(plan: Incoming, policy: ImportPolicy): Work<Imported, ImportProgress> {
  if (!plan.archive) {
    return async (task, onProgress) => ({
      rows: await commands.importSnapshot(policy, task, onProgress),
      archive: null,
    });
  }
  return async (task, onProgress) => {
    const archive = await commands.importArchive(policy, task, onProgress);
    return { rows: archive.rows, archive };
  };
}

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
