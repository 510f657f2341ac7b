import { type KeyboardEvent, type Ref, useEffect, useId, useImperativeHandle, useMemo, useRef } from "react";
import type { FileColumn } from "../../../bindings";
import { areWordsMarked } from "../../../components/useShortcuts";
import { valueKindLabels } from "../labels";
import { columnWidths } from "./columnWidths";
import { cellId, figureClass, GridRow } from "./GridRow";
import { type Cell, cellAfter } from "./gridKeys";
import css from "./RowGrid.module.css";
import type { FileRows } from "./useFileRows";
import { useTallScroll } from "./useTallScroll";

/** Pixels of a row, of the headings and of the row numbers; the style sheet sets the same. */
const ROW = 30;
const HEAD = 46;
const NUMBERS = 76;

/** Columns drawn at most; more would be slow. */
export const mostColumns = 100;

export type GridHandle = { show: (row: number) => void; focus: () => void };

type Props = {
  rows: FileRows;
  selected: Cell | null;
  onSelect: (cell: Cell) => void;
  onCopy: () => void;
  onSight: (first: number, last: number) => void;
  handle: Ref<GridHandle>;
};

/** The grid of a file's rows. Only visible rows are drawn. The grid has the focus, and keys move the selection. */
export function RowGrid({ rows, selected, onSelect, onCopy, onSight, handle }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const id = useId();
  const columns = useMemo(() => rows.columns.slice(0, mostColumns), [rows.columns]);
  const { first, last, from, to, before, after, fitting, show } = useTallScroll(
    scroller,
    rows.count,
    ROW,
    HEAD,
  );
  useEffect(() => onSight(first, last), [onSight, first, last]);
  useImperativeHandle(handle, () => ({ show, focus: () => table.current?.focus({ preventScroll: true }) }), [
    show,
  ]);

  const select = useMemo(() => (row: number, column: number) => onSelect({ row, column }), [onSelect]);
  // Measured once, with the first rows: widths must not change while scrolling.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const widths = useMemo(
    () =>
      columnWidths(
        columns,
        Array.from({ length: 50 }, (_, at) => rows.at(at)?.values ?? []),
      ),
    [columns],
  );
  const drawn = Array.from({ length: to - from }, (_, at) => from + at);

  function onKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.shiftKey) return;
    const held = event.ctrlKey || event.metaKey;
    if (held && event.key.toLowerCase() === "c" && selected && !areWordsMarked()) {
      // The page also handles Ctrl+C.
      event.preventDefault();
      return onCopy();
    }
    const cell = cellAfter(event, selected, {
      rows: rows.count,
      columns: columns.length,
      firstVisible: first,
      fitting,
    });
    if (!cell) return;
    event.preventDefault();
    onSelect(cell);
    show(cell.row);
    bringColumn(cell.column);
  }

  /** Scrolls sideways until the column is visible. */
  function bringColumn(column: number) {
    const element = scroller.current;
    if (!element) return;
    const left = widths.slice(0, column).reduce((sum, width) => sum + width, 0);
    const right = left + (widths[column] ?? 0) + NUMBERS;
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (right > element.scrollLeft + element.clientWidth)
      element.scrollLeft = right - element.clientWidth;
  }

  const inSight = selected && selected.row >= from && selected.row < to;
  return (
    <div ref={scroller} className={css.scroll}>
      <table
        ref={table}
        className={css.table}
        style={{ width: widths.reduce((sum, width) => sum + width, NUMBERS) }}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells can be selected is a grid, and HTML has no element for it
        role="grid"
        aria-label="Rows of the file"
        aria-rowcount={rows.total === null ? -1 : rows.total + 1}
        aria-activedescendant={inSight ? cellId(id, selected.row, selected.column) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <GridHead columns={columns} widths={widths} />
        <Room height={before} />
        <tbody>
          {drawn.map((index) => {
            const row = rows.at(index);
            return (
              <GridRow
                key={index}
                columns={columns}
                values={row?.values}
                line={row?.line ?? null}
                index={index}
                id={id}
                selected={selected?.row === index ? selected.column : null}
                onSelect={select}
              />
            );
          })}
        </tbody>
        <Room height={after} />
      </table>
    </div>
  );
}

type HeadProps = { columns: FileColumn[]; widths: number[] };

function GridHead({ columns, widths }: HeadProps) {
  return (
    <>
      <colgroup>
        <col style={{ width: NUMBERS }} />
        {widths.map((width, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns have no identity but their place
          <col key={at} style={{ width }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          <th className={css.number} scope="col">
            Row
          </th>
          {columns.map((column, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may be there twice, which is what the person must see
            <th key={at} scope="col" title={column.name} className={figureClass(column)}>
              {column.name || "No name"}
              <span className={css.kind}>{valueKindLabels[column.kind]}</span>
            </th>
          ))}
        </tr>
      </thead>
    </>
  );
}

/** Has the height of rows that are not drawn. */
function Room({ height }: { height: number }) {
  return (
    <tbody aria-hidden>
      <tr>
        <td className={css.room} style={{ height }} />
      </tr>
    </tbody>
  );
}
