import type { Exported } from "../../bindings";
import { bytes, rowCount } from "../words";

export function exportedRows({ rows, bytes: size }: Exported): string {
  return `Exported ${rowCount(rows.reduce((sum, table) => sum + table.rows, 0))}, ${bytes(size)}`;
}
