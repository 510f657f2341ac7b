import { useDebouncedValue } from "@mantine/hooks";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { FILE_PAGE, filePageOptions } from "../../../api/datasetFiles";
import { toAppError } from "../../../api/errors";
import type { AppError, FileColumn, JsonValue, PreviewRow } from "../../../bindings";

export type FileRows = {
  columns: FileColumn[];
  /** Rows that can be scrolled to: all, or while nobody knows how many there are a page more than were seen. */
  count: number;
  /** How many there are, once that is known. */
  total: number | null;
  /** A row that was read; none while it is not. */
  at: (row: number) => PreviewRow | undefined;
  /** Tells which rows are in sight, so that they are read. */
  onSight: (first: number, last: number) => void;
  /** Makes a row reachable although nobody knows yet whether there are so many. */
  reach: (row: number) => void;
  pending: boolean;
  error: AppError | null;
  retry: () => void;
};

/**
 * The rows of a dataset's file, read page by page as they come into sight. `known` is how many rows it has, if somebody has counted them.
 */
export function useFileRows(
  source: string,
  stamp: string,
  split: string | null,
  known: number | null,
): FileRows {
  const [sight, setSight] = useState({ first: 0, last: 0 });
  const [reached, setReached] = useState(FILE_PAGE);
  // Someone dragging through a long file passes many pages and wants to read one.
  const [read] = useDebouncedValue(sight, 60, { leading: true });

  const start = useQuery(filePageOptions(source, stamp, 0, split));
  const from = Math.max(1, read.first);
  const numbers = Array.from({ length: Math.max(0, read.last - from + 1) }, (_, n) => from + n);
  const pages = useQueries({
    queries: start.isSuccess ? numbers.map((page) => filePageOptions(source, stamp, page, split)) : [],
  });

  const previews = [start.data, ...pages.map(({ data }) => data)].flatMap((data) => data ?? []);
  const counted = previews.find(({ total_rows }) => total_rows !== null)?.total_rows ?? null;
  const total = known ?? counted;
  const seen = Math.max(0, ...previews.map(({ offset, rows }) => offset + rows.length));
  useEffect(() => setReached((reached) => Math.max(reached, seen + FILE_PAGE)), [seen]);
  // A file of rows with keys of their own shows more columns the further it is read.
  const columns = previews.reduce<FileColumn[]>(
    (most, preview) => (preview.columns.length > most.length ? preview.columns : most),
    [],
  );

  const previewOf = (row: number) => {
    const number = Math.floor(row / FILE_PAGE);
    return number === 0 ? start.data : pages[numbers.indexOf(number)]?.data;
  };
  const failed = start.error ?? pages.find(({ error }) => error)?.error ?? null;
  return {
    columns,
    count: total ?? reached,
    total,
    at: (index) => {
      const preview = previewOf(index);
      const row = preview?.rows[index % FILE_PAGE];
      return row && preview ? { ...row, values: arranged(row.values, preview.columns, columns) } : undefined;
    },
    onSight: useCallback((first, last) => {
      const next = { first: Math.floor(first / FILE_PAGE), last: Math.floor(last / FILE_PAGE) };
      setSight((old) => (old.first === next.first && old.last === next.last ? old : next));
    }, []),
    reach: useCallback((row) => setReached((reached) => Math.max(reached, row + 1)), []),
    pending: start.isPending,
    error: failed && toAppError(failed),
    retry: () => {
      void start.refetch();
      for (const one of pages) if (one.error) void one.refetch();
    },
  };
}

/** Values in the order of the columns shown, where a page knows the columns in another. */
function arranged(values: JsonValue[], own: FileColumn[], shown: FileColumn[]): JsonValue[] {
  if (own.every(({ name }, at) => name === shown[at]?.name)) return values;
  return shown.map(({ name }) => values[own.findIndex((one) => one.name === name)] ?? null);
}
