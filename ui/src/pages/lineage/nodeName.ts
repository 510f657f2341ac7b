import { tableOf } from "../../api/tables";
import type { LineageNode, RowKey } from "../../bindings";

export const isSame = (a: RowKey, b: RowKey) => a.table === b.table && a.id === b.id;

export function nameOf({ row, label }: LineageNode): string {
  return label ?? `Missing ${tableOf(row.table).singular}`;
}
