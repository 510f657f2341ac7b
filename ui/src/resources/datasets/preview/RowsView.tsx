import { Center, Loader, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { filePageOptions } from "../../../api/datasetFiles";
import { useCopy } from "../../../components/clipboard";
import { Refusal } from "../../../components/Refusal";
import { formatNumber } from "../../../format/numbers";
import { fullText } from "../values/cellText";
import { GoToRow } from "./GoToRow";
import { Inspector } from "./Inspector";
import { type Cell, type GridHandle, mostColumns, RowGrid } from "./RowGrid";
import css from "./RowGrid.module.css";
import { useFileRows } from "./useFileRows";

/** A row someone wants to see, and the field in it. Each wish is a new object. */
export type Goal = { row: number; field: string | null };

/** A split may be called anything. */
const [ALL, SPLIT] = ["all", "split "];

type Props = {
  /** The id of a dataset, or the path of a file. */
  source: string;
  /** Changes when the file does. */
  stamp: string;
  /** How many rows it has, if somebody has counted them. */
  total: number | null;
  goal: Goal | null;
  /** Hears which value is looked at. */
  onSeen?: (seen: Goal) => void;
  height: number | string;
};

/** The rows of a file, or of a folder and each of its splits. */
export function RowsView(props: Props) {
  const { source, stamp, goal, total, height } = props;
  const { data } = useQuery(filePageOptions(source, stamp, 0));
  const [split, setSplit] = useState<string | null>(null);
  const met = useRef<Goal | null>(null);
  // A row to go to is counted from the first of all.
  useEffect(() => {
    if (goal && met.current !== goal) setSplit(null);
  }, [goal]);
  const splits = data?.splits ?? [];
  return (
    <div className={css.view} style={{ height: typeof height === "string" ? height : undefined }}>
      {splits.length > 1 && (
        <Select
          className={css.split}
          size="xs"
          aria-label="Split"
          data={[
            { value: ALL, label: "All splits" },
            ...splits.map(({ name }) => ({ value: SPLIT + name, label: name })),
          ]}
          value={split === null ? ALL : SPLIT + split}
          onChange={(chosen) => setSplit(chosen?.startsWith(SPLIT) ? chosen.slice(SPLIT.length) : null)}
          allowDeselect={false}
        />
      )}
      <Rows key={split ?? ""} {...props} split={split} total={split === null ? total : null} met={met} />
    </div>
  );
}

type RowsProps = Props & {
  split: string | null;
  /** The wish that was granted last. */
  met: RefObject<Goal | null>;
};

/** The rows, each of them reachable, with the selected value in full. */
function Rows({ source, stamp, split, total, goal, met, onSeen, height }: RowsProps) {
  const rows = useFileRows(source, stamp, split, total);
  const [selected, setSelected] = useState<Cell | null>(null);
  const [sight, setSight] = useState({ first: 0, last: 0 });
  const grid = useRef<GridHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const clipboard = useCopy();
  const { columns, reach, onSight: read } = rows;
  const { reset } = clipboard;

  const onSight = useCallback(
    (first: number, last: number) => {
      setSight({ first, last });
      read(first, last);
    },
    [read],
  );

  const go = useCallback(
    (row: number, field: string | null = null) => {
      reach(row);
      const column = Math.max(
        0,
        columns.findIndex(({ name }) => name === field),
      );
      setSelected((old) => ({ row, column: field === null ? (old?.column ?? 0) : column }));
      // The row may have become reachable only now.
      requestAnimationFrame(() => {
        grid.current?.show(row);
        grid.current?.focus();
      });
    },
    [columns, reach],
  );

  useEffect(() => {
    if (!goal || split !== null || rows.pending || met.current === goal) return;
    met.current = goal;
    go(goal.row, goal.field);
  }, [goal, split, met, rows.pending, go]);

  const select = useCallback(
    (cell: Cell) => {
      setSelected(cell);
      reset();
      // The larger view begins with all rows.
      if (split === null) onSeen?.({ row: cell.row, field: columns[cell.column]?.name ?? null });
    },
    [columns, split, onSeen, reset],
  );

  if (rows.pending) {
    return (
      <Center h={120}>
        <Loader size="sm" aria-label="Reading rows" />
      </Center>
    );
  }
  if (rows.error) return <Refusal error={rows.error} onRetry={rows.retry} />;
  if (rows.count === 0) {
    return (
      <Text size="sm" c="dimmed">
        The file has no rows.
      </Text>
    );
  }

  const at = selected && { ...selected, row: Math.min(selected.row, rows.count - 1) };
  const row = at ? rows.at(at.row) : undefined;
  const value = at && row ? (row.values[at.column] ?? null) : null;
  const copy = () => clipboard.copy(fullText(value));
  return (
    <div ref={frame} className={css.rows} style={typeof height === "number" ? { height } : { flex: 1 }}>
      <div className={css.frame}>
        <RowGrid rows={rows} selected={at} onSelect={select} onCopy={copy} onSight={onSight} handle={grid} />
        {at && row ? (
          <Inspector
            row={at.row + 1}
            line={row.line}
            column={columns[at.column]?.name ?? ""}
            value={value}
            copied={clipboard.copied}
            onCopy={copy}
          />
        ) : (
          <p className={css.invitation}>{at ? "Reading the row…" : "Select a cell to read it in full."}</p>
        )}
      </div>
      <div className={css.foot}>
        <Text size="xs" className="tabular" c="dimmed">
          {placeOf(sight.first, sight.last, rows.total)}
          {columns.length > mostColumns &&
            `, the first ${mostColumns} of ${formatNumber(columns.length)} columns`}
        </Text>
        <GoToRow
          total={rows.total}
          onGo={(row) => go(Math.min(row, (rows.total ?? row + 1) - 1))}
          within={frame}
        />
      </div>
    </div>
  );
}

function placeOf(first: number, last: number, total: number | null): string {
  const range = `Rows ${formatNumber(first + 1)} to ${formatNumber(last + 1)}`;
  return total === null ? range : `${range} of ${formatNumber(total)}`;
}
