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
  /** What the database sorts by. */
  name: string;
  header: string;
  least: number;
  share: number;
  end?: boolean;
  /** Left out where the list is too narrow for all; the panel beside it has it, too. */
  spare?: boolean;
  /** The database has no order for it. */
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
        // What no other cell of the row tells.
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

/** Beside the columns: the mark, the checkbox and the menu of a row. */
export const BESIDE = 32 + 48 + 36;

/** The width that a list with these columns needs at least, where a person has set some widths. */
export function roomFor(columns: ListColumn[], widths: Widths = {}): number {
  return columns.reduce((sum, { name, least }) => sum + (widths[name] ?? least), BESIDE);
}

/** Those that have the room they need at least, the last of the spare ones leaving first. */
export function fitting(columns: ListColumn[], room: number): ListColumn[] {
  const last = columns.findLast(({ spare }) => spare);
  if (roomFor(columns) <= room || !last) return columns;
  return fitting(
    columns.filter((column) => column !== last),
    room,
  );
}
