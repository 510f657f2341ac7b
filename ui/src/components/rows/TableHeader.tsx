import { Checkbox, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useRef } from "react";
import type { Sort } from "../../bindings";
import { Resizer } from "../Resizer";
import type { ListColumn } from "./columns";
import css from "./RowTable.module.css";
import type { Widths } from "./useColumnWidths";

type Props = {
  columns: ListColumn[];
  sort: Sort | null;
  onSort: (column: string) => void;
  widths: Widths;
  onResize: (column: string, width: number) => void;
  onReset: (column: string) => void;
  selected: "none" | "some" | "all";
  onSelectAll: () => void;
};

export function TableHeader({ columns, sort, onSort, selected, onSelectAll, ...sizing }: Props) {
  return (
    <div className={css.header} role="row" aria-rowindex={1}>
      <div className={css.check} role="columnheader">
        <Checkbox
          size="xs"
          aria-label="Select all rows"
          checked={selected === "all"}
          indeterminate={selected === "some"}
          onChange={onSelectAll}
        />
      </div>
      {columns.map((column) => (
        <Header
          key={column.name}
          column={column}
          sorted={sort?.column === column.name ? sort : null}
          onSort={onSort}
          {...sizing}
        />
      ))}
      <div className={css.actions} role="columnheader">
        <VisuallyHidden>Actions</VisuallyHidden>
      </div>
    </div>
  );
}

type HeaderProps = Pick<Props, "widths" | "onResize" | "onReset" | "onSort"> & {
  column: ListColumn;
  sorted: Sort | null;
};

function Header({ column, sorted, onSort, widths, onResize, onReset }: HeaderProps) {
  const cell = useRef<HTMLDivElement>(null);
  const Arrow = sorted?.descending ? IconArrowDown : IconArrowUp;
  return (
    <div
      ref={cell}
      className={css.title}
      role="columnheader"
      aria-sort={
        column.unsorted ? undefined : sorted ? (sorted.descending ? "descending" : "ascending") : "none"
      }
    >
      <UnstyledButton
        className={css.sort}
        data-end={column.end || undefined}
        data-sorted={sorted !== null || undefined}
        disabled={column.unsorted}
        onClick={() => onSort(column.name)}
      >
        {column.header}
        {sorted && <Arrow size={13} stroke={2} aria-hidden />}
      </UnstyledButton>
      <Resizer
        label={`Width of ${column.header}`}
        edge="right"
        size={widths[column.name] ?? cell.current?.offsetWidth ?? column.least}
        min={64}
        max={900}
        onResize={(width) => onResize(column.name, width)}
        onReset={() => onReset(column.name)}
      />
    </div>
  );
}
