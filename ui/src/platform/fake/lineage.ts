// The lineage of rows in memory: everything within reach, both ways.
import { tableOf } from "../../api/tables";
import type { Lineage, RowKey, TableName } from "../../bindings";
import type { FakeStore } from "./store";

const NEIGHBOURS = 12;

export function lineage(store: FakeStore, table: TableName, id: string): Lineage {
  const found: Lineage = { nodes: [], edges: [], more: [] };
  const seen = new Set<string>();
  type Way = "both" | "back" | "on" | "stay";
  const visit = ({ table, id }: RowKey, way: Way) => {
    if (seen.has(`${table} ${id}`)) return;
    seen.add(`${table} ${id}`);
    const row = { table, id };
    if (!store.holds(table, "id", id)) {
      found.nodes.push({ row, label: null, kind: null });
      return;
    }
    const listed = store.get(table, id);
    const kinds = tableOf(table).columns.find(({ name }) => name === "type")?.kind;
    const option = kinds?.is === "choice" && kinds.options.find(({ value }) => value === listed.row.type);
    found.nodes.push({ row, label: listed.label, kind: option ? option.label : null });
    for (const link of listed.links) {
      const from = { table: link.table, id: link.id };
      const role = tableOf(table).columns.find(({ name }) => name === link.column)?.label ?? "";
      found.edges.push({ from, to: row, role });
      if (way !== "stay") visit(from, way === "on" ? "stay" : "back");
    }
    if (way === "back" || way === "stay") return;
    for (const use of store.usedBy(table, [id])) {
      for (const { id: user } of use.sample.slice(0, NEIGHBOURS)) visit({ table: use.table, id: user }, "on");
      const rows = use.total - NEIGHBOURS;
      if (rows > 0) found.more.push({ of: row, table: use.table, rows });
    }
  };
  visit({ table, id }, "both");
  return found;
}
