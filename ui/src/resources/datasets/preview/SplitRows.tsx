import { Center, Loader, Text } from "@mantine/core";
import { type RefObject, useCallback, useRef, useState } from "react";
import { useCopy } from "../../../components/clipboard";
import { Refusal } from "../../../components/Refusal";
import { formatNumber } from "../../../format/numbers";
import { fullText } from "../values/cellText";
import { GoToRow } from "./GoToRow";
import type { Cell } from "./gridKeys";
import { Inspector } from "./Inspector";
import { mostColumns, RowGrid } from "./RowGrid";
import css from "./RowGrid.module.css";
import type { Goal, RowsViewProps } from "./RowsView";
import { useFileRows } from "./useFileRows";
import { useSelectedCell } from "./useSelectedCell";

type Props = RowsViewProps & {
  /** Null is all splits. */
  split: string | null;
  /** The goal that was shown last. */
  shownGoal: RefObject<Goal | null>;
};

/** The rows of one split or of all, with the selected value in full below them. */
export function SplitRows({ source, stamp, split, total, goal, shownGoal, onSeen, height }: Props) {
  const rows = useFileRows(source, stamp, split, total);
  const { columns, onSight: read } = rows;
  const { copied, copy, reset } = useCopy();
  const { grid, selected, select, goTo } = useSelectedCell({
    rows,
    split,
    goal,
    shownGoal,
    onSelect: onSeen,
  });
  const [sight, setSight] = useState({ first: 0, last: 0 });
  const frame = useRef<HTMLDivElement>(null);
  const onSight = useCallback(
    (first: number, last: number) => {
      setSight({ first, last });
      read(first, last);
    },
    [read],
  );
  const onSelect = useCallback(
    (cell: Cell) => {
      select(cell);
      reset();
    },
    [select, reset],
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

  const row = selected ? rows.at(selected.row) : undefined;
  const value = selected && row ? (row.values[selected.column] ?? null) : null;
  const onCopy = () => copy(fullText(value));
  return (
    <div ref={frame} className={css.rows} style={typeof height === "number" ? { height } : { flex: 1 }}>
      <div className={css.frame}>
        <RowGrid
          rows={rows}
          selected={selected}
          onSelect={onSelect}
          onCopy={onCopy}
          onSight={onSight}
          handle={grid}
        />
        {selected && row ? (
          <Inspector
            row={selected.row + 1}
            line={row.line}
            column={columns[selected.column]?.name ?? ""}
            value={value}
            copied={copied}
            onCopy={onCopy}
          />
        ) : (
          <p className={css.invitation}>
            {selected ? "Reading the row…" : "Select a cell to read it in full."}
          </p>
        )}
      </div>
      <div className={css.foot}>
        <Text size="xs" className="tabular" c="dimmed">
          {rangeText(sight.first, sight.last, rows.total)}
          {columns.length > mostColumns &&
            `, the first ${mostColumns} of ${formatNumber(columns.length)} columns`}
        </Text>
        <GoToRow
          total={rows.total}
          onGo={(row) => goTo(Math.min(row, (rows.total ?? row + 1) - 1))}
          within={frame}
        />
      </div>
    </div>
  );
}

/** "Rows 1 to 20 of 300". */
function rangeText(first: number, last: number, total: number | null): string {
  const range = `Rows ${formatNumber(first + 1)} to ${formatNumber(last + 1)}`;
  return total === null ? range : `${range} of ${formatNumber(total)}`;
}
