import type { Column, Listed } from "../../bindings";
import { formatNumber } from "../../format/numbers";
import { PathText } from "../PathText";
import { RowLink } from "../RowLink";
import { Marked } from "./Marked";

/** One value of a row: the label of a choice, the name of a reference, a warning for a bad value. */
export function Value({ listed, column }: { listed: Listed; column: Column }) {
  const value = listed.row[column.name] ?? null;
  if (value === null) return null;
  const mark = listed.marks.find((mark) => mark.column === column.name);
  if (column.kind.is === "reference") {
    const link = listed.links.find((link) => link.column === column.name);
    if (link?.label != null) {
      return (
        <RowLink table={link.table} id={link.id} inherit>
          {link.label}
        </RowLink>
      );
    }
    return <Marked why={mark?.message ?? "The row this refers to is missing."}>{String(value)}</Marked>;
  }
  if (mark) return <Marked why={mark.message}>{String(value)}</Marked>;
  return <>{plain(column, value)}</>;
}

/** The same in the narrow cell of a list. */
export function ShortValue({ listed, column }: { listed: Listed; column: Column }) {
  const value = listed.row[column.name];
  if ((column.kind.is === "file" || column.kind.is === "folder") && typeof value === "string") {
    const mark = listed.marks.find((mark) => mark.column === column.name);
    return mark ? <Marked why={mark.message}>{value}</Marked> : <PathText path={value} />;
  }
  return <Value listed={listed} column={column} />;
}

/** The items of a JSON array of texts, such as the columns of a dataset; null for anything else. */
export function listedTexts(value: unknown): string[] | null {
  if (typeof value !== "string" || !value.startsWith("[")) return null;
  try {
    const items: unknown = JSON.parse(value);
    return Array.isArray(items) && items.every((item) => typeof item === "string") ? items : null;
  } catch {
    return null;
  }
}

function plain(column: Column, value: unknown): string {
  if (column.kind.is === "choice") {
    return column.kind.options.find((option) => option.value === value)?.label ?? String(value);
  }
  if (column.kind.is === "code") return listedTexts(value)?.join(", ") ?? String(value);
  // SQLite stores booleans as 0 and 1.
  if (column.kind.is === "integer" && column.kind.min === 0 && column.kind.max === 1)
    return value ? "Yes" : "No";
  if (column.kind.is === "integer" && typeof value === "number") return formatNumber(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
