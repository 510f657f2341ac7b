import { useDebouncedValue } from "@mantine/hooks";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { FILE_PAGE, type FileSource, filePageOptions } from "../../../api/datasetFiles";
import { toAppError } from "../../../api/errors";
import type { AppError, FileColumn, JsonValue, PreviewRow } from "../../../bindings";

export type FileRows = {
  columns: FileColumn[];
  /** Rows that can be scrolled to: all, or one page beyond the loaded ones while the total is unknown. */
  count: number;
  /** The number of rows; null if unknown. */
  total: number | null;
  /** A row; undefined until it is read. */
  at: (row: number) => PreviewRow | undefined;
  /** Call with the visible rows, so that they are read. */
  onSight: (first: number, last: number) => void;
  /** Allows to scroll to a row while the total is unknown. */
  reach: (row: number) => void;
  pending: boolean;
  error: AppError | null;
  retry: () => void;
};

/**
 * The rows of a dataset's file. Pages are read when they become visible. `known` is the number of rows, if counted.
 */
export function useFileRows(
  source: FileSource,
  stamp: string,
  split: string | null,
  known: number | null,
): FileRows {
  const [sight, setSight] = useState({ first: 0, last: 0 });
  const [reached, setReached] = useState(FILE_PAGE);
  // Dragging the scrollbar passes many pages; only the last one is read.
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
  // In a file of rows with different keys, later pages have more columns.
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

/** Values in the order of the shown columns, which may differ from the page's order. */
function arranged(values: JsonValue[], own: FileColumn[], shown: FileColumn[]): JsonValue[] {
  if (own.every(({ name }, at) => name === shown[at]?.name)) return values;
  return shown.map(({ name }) => values[own.findIndex((one) => one.name === name)] ?? null);
}
