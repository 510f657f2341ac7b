import { counted, tableOf } from "../../api/tables";
import type { BackupReason, TableName } from "../../bindings";

/** "3 datasets and 1 prompt". */
export function listedCounts(counts: [TableName, number][]): string {
  const parts = counts.filter(([, rows]) => rows > 0).map(([table, rows]) => counted(rows, tableOf(table)));
  return new Intl.ListFormat("en", { type: "conjunction" }).format(parts);
}

export const reasons: Record<BackupReason, string> = {
  manual: "Made by hand",
  import: "Before an import",
  restore: "Before a restore",
  update: "Before an update of the program",
};
