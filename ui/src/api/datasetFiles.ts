// The files of datasets: their state, their rows, and the work that reads them to the end.
import { queryOptions, useQuery } from "@tanstack/react-query";
import {
  type Converted,
  type Created,
  commands,
  type DatasetSource,
  type Diagnosis,
  type FileState,
  type ProblemFile,
  type Profile,
  type ReadOptions,
  type Relocated,
  type Scan,
  type Shape,
} from "../bindings";
import { keys } from "./store";
import type { Work } from "./useTask";

/** Rows of one page. */
export const FILE_PAGE = 100;

/** The state of a dataset's file compared with what was recorded. The core reports the next change of it. */
export function useDatasetFile(id: string) {
  return useQuery({
    queryKey: [...keys.store, "file", id, "state"],
    queryFn: () => commands.datasetFile(id),
    staleTime: 0,
    retry: false,
  });
}

/** Identifies one version of a file, and how it is read: another way of reading gives other rows. */
export function stampOf({ path, now, options }: FileState): string {
  return `${path} ${now?.bytes} ${now?.modified} ${JSON.stringify(options)}`;
}

/** The id of a dataset, the path of a file, or a file that is read in a chosen way. */
export type FileSource = string | { path: string; options: ReadOptions };

/** An id has no separators; the paths of files that were picked or dropped are absolute. */
const sourceOf = (source: FileSource): DatasetSource => {
  if (typeof source !== "string") return { file: source };
  return /[\\/]/.test(source) ? { path: source } : { id: source };
};

/** A file, and what was chosen about how it is read. */
export function fileSource(path: string, options: ReadOptions): FileSource {
  return Object.values(options).some((choice) => choice != null) ? { path, options } : path;
}

/** The key of anything read from a file. */
export const fileKey = (source: FileSource, stamp: string) => [...keys.store, "file", source, stamp] as const;

/** One page of rows. `split` names a split of a folder; null is all rows. */
export const filePageOptions = (
  source: FileSource,
  stamp: string,
  page: number,
  split: string | null = null,
) =>
  queryOptions({
    queryKey: [...fileKey(source, stamp), "rows", split, page],
    queryFn: () =>
      split === null
        ? commands.previewDataset(sourceOf(source), page * FILE_PAGE, FILE_PAGE)
        : commands.previewSplit(sourceOf(source), split, page * FILE_PAGE, FILE_PAGE),
    retry: false,
  });

/** What a file is, and how it is read best; the file of a dataset as it is read now. */
export const recognizedOptions = (source: FileSource, stamp: string) =>
  queryOptions({
    queryKey: [...fileKey(source, stamp), "recognized"],
    queryFn: () => commands.recognizeDataset(sourceOf(source)),
    retry: false,
  });

/** Reads a file before its import: columns, rows and problems. */
export const scanDataset =
  (path: string, options: ReadOptions): Work<Scan> =>
  (task, onProgress) =>
    commands.scanDataset(path, task, onProgress, options);

export const importDataset =
  (path: string, name: string, options: ReadOptions): Work<Created> =>
  (task, onProgress) =>
    commands.importDataset(path, name, task, onProgress, options);

/** Finds the shape of the rows and the rows that cannot be trained on. */
export const diagnoseDataset =
  (source: FileSource): Work<Diagnosis> =>
  (task, onProgress) =>
    commands.diagnoseDataset(sourceOf(source), task, onProgress);

/** Counts what each column holds. */
export const profileDataset =
  (source: FileSource): Work<Profile> =>
  (task, onProgress) =>
    commands.profileDataset(sourceOf(source), task, onProgress);

/** Writes every problem of a dataset to a CSV file. */
export const listProblems =
  (source: FileSource, target: string): Work<ProblemFile> =>
  (task, onProgress) =>
    commands.listProblems(sourceOf(source), target, task, onProgress);

/** Writes the rows in another shape to a new file, and replaces a file that is there. */
export const convertDataset =
  (source: FileSource, to: Shape, target: string): Work<Converted> =>
  (task, onProgress) =>
    commands.convertDataset(sourceOf(source), to, target, true, task, onProgress);

/** Compares the content of a dataset's file with its recorded hash. */
export const verifyDatasetFile =
  (id: string): Work<FileState> =>
  (task, onProgress) =>
    commands.verifyDatasetFile(id, task, onProgress);

/** Points a dataset to another file, or to a new version of its file. Without options it is read as before. */
export const relocateDataset =
  (id: string, path: string, options: ReadOptions | null = null): Work<Relocated> =>
  (task, onProgress) =>
    commands.relocateDataset(id, path, task, onProgress, options);
