import { Skeleton } from "@mantine/core";
import { memo } from "react";
import type { FileColumn, JsonValue } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import { CellValue } from "./CellValue";
import css from "./RowGrid.module.css";

type Props = {
  columns: FileColumn[];
  /** The values of the row; undefined until it is read. */
  values: JsonValue[] | undefined;
  line: number | null;
  /** The index of the row, from 0. */
  index: number;
  /** The prefix of the cells' element ids. */
  id: string;
  /** The selected column; null if the selection is in another row. */
  selected: number | null;
  onSelect: (row: number, column: number) => void;
};

/** One row of the grid. Memoized, since a screen holds many cells. */
export const GridRow = memo(function GridRow({
  columns,
  values,
  line,
  index,
  id,
  selected,
  onSelect,
}: Props) {
  return (
    <tr aria-rowindex={index + 2} className={css.row} data-selected={selected !== null || undefined}>
      <th
        className={css.number}
        scope="row"
        title={line === null ? undefined : `Line ${formatNumber(line)} of the file`}
      >
        {formatNumber(index + 1)}
      </th>
      {columns.map((column, c) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys, for its selected cell
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: names may be there twice, which is what the person must see
          key={c}
          id={cellId(id, index, c)}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a grid
          role="gridcell"
          className={`${css.cell} ${figureClass(column)}`}
          aria-selected={selected === c}
          onClick={() => onSelect(index, c)}
        >
          {values ? <CellValue value={values[c] ?? null} /> : <Skeleton height={8} width="60%" />}
        </td>
      ))}
    </tr>
  );
});

export const cellId = (id: string, row: number, column: number) => `${id}-${row}-${column}`;

/** Numbers and their headings are aligned to the right. */
export function figureClass(column: FileColumn): string {
  return column.kind === "integer" || column.kind === "number" ? (css.figure ?? "") : "";
}
