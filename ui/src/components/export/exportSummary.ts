import type { Exported } from "../../bindings";
import { formatBytes } from "../../format/numbers";
import { plural } from "../../format/texts";

/** "Exported 12 rows, 1.4 MB". */
export function exportSummary({ rows: tables, bytes }: Exported): string {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  return `Exported ${plural(total, "row")}, ${formatBytes(bytes)}`;
}
