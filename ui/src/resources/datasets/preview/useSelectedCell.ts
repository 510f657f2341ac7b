import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Cell } from "./gridKeys";
import type { GridHandle } from "./RowGrid";
import type { Goal } from "./RowsView";
import type { FileRows } from "./useFileRows";

type Options = {
  rows: FileRows;
  /** Null is all splits. */
  split: string | null;
  goal: Goal | null;
  /** The goal that was shown last. */
  shownGoal: RefObject<Goal | null>;
  onSelect?: (goal: Goal) => void;
};

/** The selected cell of the grid. It moves to each new goal. */
export function useSelectedCell({ rows, split, goal, shownGoal, onSelect }: Options) {
  const { columns, reach, pending } = rows;
  const [selected, setSelected] = useState<Cell | null>(null);
  const grid = useRef<GridHandle>(null);

  const goTo = useCallback(
    (row: number, field: string | null = null) => {
      reach(row);
      const column = Math.max(
        0,
        columns.findIndex(({ name }) => name === field),
      );
      setSelected((old) => ({ row, column: field === null ? (old?.column ?? 0) : column }));
      // The grid knows the row only after the next rendering.
      requestAnimationFrame(() => {
        grid.current?.show(row);
        grid.current?.focus();
      });
    },
    [columns, reach],
  );

  useEffect(() => {
    if (!goal || split !== null || pending || shownGoal.current === goal) return;
    shownGoal.current = goal;
    goTo(goal.row, goal.field);
  }, [goal, split, shownGoal, pending, goTo]);

  const select = useCallback(
    (cell: Cell) => {
      setSelected(cell);
      // A goal counts the rows of all splits.
      if (split === null) onSelect?.({ row: cell.row, field: columns[cell.column]?.name ?? null });
    },
    [columns, split, onSelect],
  );

  const last = rows.count - 1;
  return { grid, selected: selected && { ...selected, row: Math.min(selected.row, last) }, select, goTo };
}
