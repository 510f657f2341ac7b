import { memo } from "react";
import type { FileColumn, PreviewRow } from "../../../bindings";
import { amount } from "../../../components/words";
import { CellValue } from "./CellValue";
import css from "./PreviewGrid.module.css";

type Props = {
  columns: FileColumn[];
  row: PreviewRow;
  /** Its place on the page, and in the file. */
  at: number;
  number: number;
  /** The column of the cell that Tab leads to, if it is in this row. */
  entry: number | null;
  /** The column of the selected cell, if it is in this row. */
  selected: number | null;
  onSelect: (row: number, column: number) => void;
};

/** Drawn again only when the selection enters or leaves it: a page can hold thousands of cells. */
export const GridRow = memo(function GridRow({ columns, row, at, number, entry, selected, onSelect }: Props) {
  return (
    <tr>
      <th
        className={css.number}
        scope="row"
        title={row.line === null ? undefined : `Line ${amount(row.line)} of the file`}
      >
        {amount(number)}
      </th>
      {columns.map((column, c) => (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: names may be there twice, which is what the person must see
          key={c}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a grid
          role="gridcell"
          data-cell={`${at}:${c}`}
          className={`${css.cell} ${figureClass(column)}`}
          tabIndex={entry === c ? 0 : -1}
          aria-selected={selected === c}
          onFocus={() => onSelect(at, c)}
        >
          <CellValue value={row.values[c] ?? null} />
        </td>
      ))}
    </tr>
  );
});

/** Numbers stand under each other at the right, their heading too. */
export function figureClass(column: FileColumn): string {
  return column.kind === "integer" || column.kind === "number" ? (css.figure ?? "") : "";
}
