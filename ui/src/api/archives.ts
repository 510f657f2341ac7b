// Archives: rows with the files they refer to, in one file.
import {
  type ArchiveExported,
  type ArchivePlan,
  type ArchiveProgress,
  type ArchiveRequest,
  commands,
} from "../bindings";
import type { Work } from "./useTask";

/** The ending of an archive's name, without the first dot. */
export const archiveEnding = "fts.tar.zst";

/** Whether a file is an archive by its name. */
export const isArchive = (path: string) => path.toLowerCase().endsWith(".zst");

/** Finds what an archive would hold and, for a path, how much is free there. */
export const planArchive =
  (request: ArchiveRequest, path: string | null = null): Work<ArchivePlan, ArchiveProgress> =>
  (task, onProgress) =>
    commands.planArchive(path, request, task, onProgress);

/** Writes an archive to a new file. */
export const exportArchive =
  (path: string, request: ArchiveRequest): Work<ArchiveExported, ArchiveProgress> =>
  (task, onProgress) =>
    commands.exportArchive(path, request, task, onProgress);

/** Chooses the folder for the files of the archive whose import is planned. */
export const chooseArchiveFolder = (to: string) => commands.chooseArchiveFolder(to);
