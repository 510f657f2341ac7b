import { counted, tableOf } from "../../api/tables";
import type { BackupReason, Exported, TableName } from "../../bindings";
import { amount, bytes } from "../../components/words";

export function rowCount(rows: number): string {
  return `${amount(rows)} ${rows === 1 ? "row" : "rows"}`;
}

/** "3 datasets and 1 prompt". */
export function listedCounts(counts: [TableName, number][]): string {
  const parts = counts.filter(([, rows]) => rows > 0).map(([table, rows]) => counted(rows, tableOf(table)));
  return new Intl.ListFormat("en", { type: "conjunction" }).format(parts);
}

export function exportedRows({ rows, bytes: size }: Exported): string {
  return `Exported ${rowCount(rows.reduce((sum, table) => sum + table.rows, 0))}, ${bytes(size)}`;
}

export const reasons: Record<BackupReason, string> = {
  manual: "Made by hand",
  import: "Before an import",
  restore: "Before a restore",
  update: "Before an update of the program",
};
