import type { ReactNode } from "react";
import { columnOf } from "../../api/tables";
import type { Listed, Table } from "../../bindings";
import { capitalize } from "../../format/texts";
import { Time } from "../Time";
import { Tags } from "../tags/Tag";
import { Marked } from "../values/Marked";
import { ShortValue } from "../values/Value";
import type { Widths } from "./useColumnWidths";

export type ListColumn = {
  /** The column that the database sorts by. */
  name: string;
  header: string;
  least: number;
  share: number;
  end?: boolean;
  /** Hidden if the list is too narrow. The detail panel shows the column as well. */
  spare?: boolean;
  /** The database cannot sort by this column. */
  unsorted?: boolean;
  cell: (listed: Listed) => ReactNode;
};

/** A row's name, the extra columns of its resource, the listed columns of the table, tags and the last change. */
export function listColumns(table: Table, extra: ListColumn[] = []): ListColumn[] {
  const naming = columnOf(table, table.label[0] ?? "");
  const others = table.columns.filter(({ name, listed }) => listed && name !== naming?.name);
  return [
    {
      name: naming?.name ?? "created_at",
      header: naming?.label ?? capitalize(table.singular),
      least: 140,
      share: 3,
      cell: (listed) => {
        // Warnings of columns that have no cell of their own.
        const why = listed.marks.filter(({ column }) => others.every(({ name }) => name !== column));
        if (why.length === 0) return listed.label;
        return <Marked why={why.map(({ message }) => message).join(" ")}>{listed.label}</Marked>;
      },
    },
    ...extra,
    ...others.map((column) => {
      const number = column.kind.is === "integer" || column.kind.is === "number";
      return {
        name: column.name,
        header: column.label,
        least: Math.max(number ? 76 : 100, 9 * column.label.length),
        share: number ? 1 : 2,
        end: number,
        spare: true,
        cell: (listed: Listed) => <ShortValue listed={listed} column={column} />,
      };
    }),
    {
      name: "tags",
      header: "Tags",
      least: 90,
      share: 1,
      spare: true,
      unsorted: true,
      cell: (listed) => <Tags tags={listed.tags} />,
    },
    {
      name: "changed_at",
      header: "Changed",
      least: 104,
      share: 1,
      cell: (listed) => <Time value={listed.changed_at} />,
    },
  ];
}

/** Pixels for the mark, the checkbox and the menu of a row. */
export const BESIDE = 32 + 48 + 36;

/** The least width of a list in pixels. `widths` are the widths set by the user. */
export function roomFor(columns: ListColumn[], widths: Widths = {}): number {
  return columns.reduce((sum, { name, least }) => sum + (widths[name] ?? least), BESIDE);
}

/** The columns that fit into a width in pixels. Spare ones are dropped from the end. */
export function fitting(columns: ListColumn[], room: number): ListColumn[] {
  const last = columns.findLast(({ spare }) => spare);
  if (roomFor(columns) <= room || !last) return columns;
  return fitting(
    columns.filter((column) => column !== last),
    room,
  );
}
