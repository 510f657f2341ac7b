import type { KeyboardEvent } from "react";

export type Cell = { row: number; column: number };

/** The target of each key. `fitting` is the number of visible rows. */
const moves: Record<string, (at: Cell, fitting: number) => Cell> = {
  ArrowUp: (at) => ({ ...at, row: at.row - 1 }),
  ArrowDown: (at) => ({ ...at, row: at.row + 1 }),
  ArrowLeft: (at) => ({ ...at, column: at.column - 1 }),
  ArrowRight: (at) => ({ ...at, column: at.column + 1 }),
  PageUp: (at, fitting) => ({ ...at, row: at.row - fitting }),
  PageDown: (at, fitting) => ({ ...at, row: at.row + fitting }),
  Home: (at) => ({ ...at, column: 0 }),
  End: (at) => ({ ...at, column: Number.MAX_SAFE_INTEGER }),
  "Ctrl+Home": () => ({ row: 0, column: 0 }),
  "Ctrl+End": () => ({ row: Number.MAX_SAFE_INTEGER, column: Number.MAX_SAFE_INTEGER }),
};

type Grid = { rows: number; columns: number; firstVisible: number; fitting: number };

/** The cell that a key selects next; null for a key without a move. */
export function cellAfter(event: KeyboardEvent, selected: Cell | null, grid: Grid): Cell | null {
  const held = event.ctrlKey || event.metaKey;
  const move = moves[held ? `Ctrl+${event.key}` : event.key];
  if (!move) return null;
  const next = selected ? move(selected, grid.fitting) : { row: grid.firstVisible, column: 0 };
  return { row: clamp(next.row, grid.rows), column: clamp(next.column, grid.columns) };
}

function clamp(value: number, length: number): number {
  return Math.max(0, Math.min(value, length - 1));
}
