// What was deleted from the rows in memory.

import { tableOf } from "../../api/tables";
import type { BringBack, BroughtBack, DeletedPage, Obstacle, Row, RowKey, TableName } from "../../bindings";
import { counted } from "../../format/texts";
import { type FakeStore, type Kept, labelOf, refusal } from "./store";

type KeptRow = { table: TableName; kept: Kept };
type Cleared = { row: Row; column: string; value: string };
type Kind = { id: number; at: number; rows: KeptRow[]; cleared: Cleared[] };

const THIRTY_DAYS = 30 * 24 * 3_600_000;

export class FakeDeleted {
  private deletions: Kind[] = [];
  private last = 0;

  /** Keeps rows that are about to go; `days` ago. */
  keep(rows: KeptRow[], cleared: Cleared[], days = 0): number {
    this.last += 1;
    const at = Date.now() - days * 24 * 3_600_000;
    this.deletions.unshift({ id: this.last, at, rows, cleared });
    return this.last;
  }

  page(offset: number, limit: number): DeletedPage {
    const deletions = this.deletions.slice(offset, offset + limit).map(({ id, at, rows, cleared }) => ({
      id,
      what: what(rows),
      deleted_at: new Date(at).toISOString(),
      kept_until: new Date(at + THIRTY_DAYS).toISOString(),
      counts: counts(rows),
      rows: rows.map(({ table, kept }) => ({
        ...keyOf(table, kept),
        label: labelOf(tableOf(table), kept.row),
      })),
      cleared: cleared.length,
    }));
    return { total: this.deletions.length, deletions };
  }

  row(deletion: number, key: RowKey): Row {
    const kept = this.find(deletion).rows.find((row) => is(row, key));
    if (!kept) throw refusal("not_found", "It is not kept any more.");
    return kept.kept.row;
  }

  obstacles(store: FakeStore, deletion: number, keys: RowKey[] | null): Obstacle[] {
    const rows = this.chosen(deletion, keys);
    return rows.flatMap(({ table, kept }) => {
      const { singular, columns } = tableOf(table);
      const row = keyOf(table, kept);
      const label = labelOf(tableOf(table), kept.row);
      const found: Obstacle[] = [];
      if (kept.row.name && store.holds(table, "name", kept.row.name)) {
        const message = `Another ${singular} already has the name '${kept.row.name}'.`;
        found.push({ row, label, column: "name", reason: "name_taken", message });
      }
      for (const { name, kind } of columns) {
        const id = kept.row[name];
        if (kind.is !== "reference" || id == null || store.holds(kind.table, "id", id)) continue;
        if (rows.some((other) => other.table === kind.table && other.kept.row.id === id)) continue;
        const gone = this.deletions.flatMap((other) => other.rows).find((other) => other.kept.row.id === id);
        const noun = tableOf(kind.table).singular;
        found.push({
          row,
          label,
          column: name,
          reason: gone ? "reference_deleted" : "reference_gone",
          message: gone
            ? `'${label}' refers to the ${noun} '${labelOf(tableOf(gone.table), gone.kept.row)}', which was deleted too.`
            : `'${label}' refers to a ${noun} that is gone for good (${id}).`,
        });
      }
      return found;
    });
  }

  bringBack(store: FakeStore, deletion: number, request: BringBack): BroughtBack {
    const renamed = (row: RowKey) => request.names.find(({ row: { id } }) => id === row.id)?.name;
    const left = this.obstacles(store, deletion, request.rows).filter(({ reason, row }) =>
      reason === "name_taken" ? !renamed(row) : request.missing === "refuse",
    );
    if (left[0]) {
      const message = left.map(({ message }) => message).join(" ");
      throw refusal("conflict", message, {
        hint: "Bring it back under another name, or without the reference.",
      });
    }
    const rows = this.chosen(deletion, request.rows);
    for (const { table, kept } of rows) {
      const name = renamed(keyOf(table, kept));
      store.put(table, name ? { ...kept, row: { ...kept.row, name } } : kept);
    }
    const entry = this.find(deletion);
    entry.rows = entry.rows.filter((row) => !rows.includes(row));
    if (entry.rows.length === 0) this.purge(deletion);
    const set = entry.cleared.filter(({ value }) => rows.some(({ kept }) => kept.row.id === value));
    for (const { row, column, value } of set) row[column] = value;
    return { what: what(rows), rows: counts(rows), references: set.length };
  }

  purge(deletion: number): null {
    this.find(deletion);
    this.deletions = this.deletions.filter(({ id }) => id !== deletion);
    return null;
  }

  private find(deletion: number): Kind {
    const found = this.deletions.find(({ id }) => id === deletion);
    if (!found) throw refusal("not_found", `There is no deletion ${deletion} to bring back.`);
    return found;
  }

  private chosen(deletion: number, keys: RowKey[] | null): KeptRow[] {
    return this.find(deletion).rows.filter((row) => !keys || keys.some((key) => is(row, key)));
  }
}

const keyOf = (table: TableName, kept: Kept): RowKey => ({ table, id: String(kept.row.id) });
const is = (row: KeptRow, key: RowKey) => row.table === key.table && row.kept.row.id === key.id;

function counts(rows: KeptRow[]) {
  const tables = [...new Set(rows.map(({ table }) => table))];
  return tables.map((table) => ({ table, rows: rows.filter((row) => row.table === table).length }));
}

function what(rows: KeptRow[]): string {
  const [first] = rows;
  if (rows.length === 1 && first) {
    const table = tableOf(first.table);
    return `${table.singular} '${labelOf(table, first.kept.row)}'`;
  }
  const parts = counts(rows).map(({ table, rows }) => counted(rows, tableOf(table)));
  const last = parts.pop();
  return parts.length > 0 ? `${parts.join(", ")} and ${last}` : String(last);
}
