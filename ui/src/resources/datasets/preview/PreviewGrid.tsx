import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import type { FileColumn, PreviewRow } from "../../../bindings";
import { amount } from "../../../components/words";
import { kindWords } from "../words";
import { figureClass, GridRow } from "./GridRow";
import { Inspector } from "./Inspector";
import css from "./PreviewGrid.module.css";

type Position = { row: number; column: number };

/** How a key moves the selected cell; rows and columns are held to the grid afterwards. */
const moves: Record<string, (at: Position) => Position> = {
  ArrowUp: (at) => ({ ...at, row: at.row - 1 }),
  ArrowDown: (at) => ({ ...at, row: at.row + 1 }),
  ArrowLeft: (at) => ({ ...at, column: at.column - 1 }),
  ArrowRight: (at) => ({ ...at, column: at.column + 1 }),
  PageUp: (at) => ({ ...at, row: at.row - 10 }),
  PageDown: (at) => ({ ...at, row: at.row + 10 }),
  Home: (at) => ({ ...at, column: 0 }),
  End: (at) => ({ ...at, column: Number.MAX_SAFE_INTEGER }),
};

/** More columns than this make a page of rows slow to draw, and nobody reads them side by side. */
const mostColumns = 100;

type Props = {
  columns: FileColumn[];
  rows: PreviewRow[];
  /** The number of rows before the first one shown. */
  offset: number;
  height: number | string;
};

/** Rows of a file as they are. One cell is selected, and the inspector below shows it in full. */
export function PreviewGrid({ columns, rows, offset, height }: Props) {
  const [chosen, setChosen] = useState<Position | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const shownColumns = useMemo(() => columns.slice(0, mostColumns), [columns]);
  const select = useCallback((row: number, column: number) => setChosen({ row, column }), []);
  const at = chosen && {
    row: clamp(chosen.row, rows.length),
    column: clamp(chosen.column, shownColumns.length),
  };
  const entry = at ?? { row: 0, column: 0 };
  const shown = at && rows[at.row];

  function move(event: KeyboardEvent) {
    const next = moves[event.key]?.(entry);
    if (!next || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const row = clamp(next.row, rows.length);
    const column = clamp(next.column, shownColumns.length);
    table.current?.querySelector<HTMLElement>(`[data-cell="${row}:${column}"]`)?.focus();
  }

  return (
    <div className={css.frame} style={{ height }}>
      <div className={css.scroll}>
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells can be selected is a grid, and HTML has no element for it */}
        <table ref={table} className={css.table} role="grid" aria-label="Rows of the file" onKeyDown={move}>
          <thead>
            <tr>
              <th className={css.number} scope="col">
                Row
              </th>
              {shownColumns.map((column, c) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: names may be there twice, which is what the person must see
                <th key={c} scope="col" title={column.name} className={figureClass(column)}>
                  {column.name || "No name"}
                  <span className={css.kind}>{kindWords[column.kind]}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, r) => (
              <GridRow
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no identity but their place
                key={offset + r}
                columns={shownColumns}
                row={row}
                at={r}
                number={offset + r + 1}
                entry={entry.row === r ? entry.column : null}
                selected={at?.row === r ? at.column : null}
                onSelect={select}
              />
            ))}
          </tbody>
        </table>
      </div>
      {at && shown ? (
        <Inspector
          row={offset + at.row + 1}
          line={shown.line}
          column={columns[at.column]?.name ?? ""}
          value={shown.values[at.column] ?? null}
        />
      ) : (
        <p className={css.invitation}>Select a cell to read it in full.</p>
      )}
      {columns.length > mostColumns && (
        <p className={css.invitation}>
          The first {mostColumns} of {amount(columns.length)} columns are shown.
        </p>
      )}
    </div>
  );
}

function clamp(value: number, length: number): number {
  return Math.max(0, Math.min(value, length - 1));
}
