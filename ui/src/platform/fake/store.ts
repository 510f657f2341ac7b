// The store's commands over rows in memory, driven by the same description as the pages.
import { applies, columnOf, TABLES, tableOf } from "../../api/tables";
import type {
  AppError,
  Created,
  Deleted,
  DeletionPlan,
  Dependents,
  Finding,
  Link,
  Listed,
  ListQuery,
  Mark,
  Matches,
  Page,
  Row,
  Table,
  TableName,
  TagCount,
  Use,
} from "../../bindings";
import { FakeDeleted } from "./deleted";

export type Kept = { row: Row; created: string; changed: string; tags?: string[] };
export type Filling = Partial<Record<TableName, Kept[]>>;

export function refusal(code: AppError["code"], message: string, rest: Partial<AppError> = {}): AppError {
  return { code, message, hint: null, fields: [], ...rest };
}

export class FakeStore {
  private readonly rows: Record<TableName, Map<string, Kept>>;
  readonly deleted = new FakeDeleted();

  constructor(filling: Filling = {}) {
    const entries = TABLES.map(({ name }) => [
      name,
      new Map((filling[name] ?? []).map((kept) => [String(kept.row.id), kept])),
    ]);
    this.rows = Object.fromEntries(entries);
  }

  counts() {
    return TABLES.map(({ name }) => ({ table: name, rows: this.rows[name].size }));
  }

  list(name: TableName, { search, sort, filters, offset, limit }: ListQuery): Page {
    const wanted = wordsOf(search ?? "");
    const found = [...this.rows[name].values()].filter(({ row, tags = [] }) => {
      const words = wordsOf([...Object.values(row), ...tags].join(" "));
      return (
        filters.every(({ column, value }) => {
          if (column === "tag") return tags.some((tag) => tag.toLowerCase() === value.toLowerCase());
          if (column === "problems")
            return this.get(name, String(row.id)).marks.length > 0 === (value === "yes");
          if (column === "used") return this.usedBy(name, [String(row.id)]).length > 0 === (value === "yes");
          return row[column] === value;
        }) && wanted.every((start) => words.some((word) => word.startsWith(start)))
      );
    });
    const by = (kept: Kept) => {
      if (!sort || sort.column === "changed_at") return kept.changed;
      return sort.column === "created_at" ? kept.created : (kept.row[sort.column] ?? "");
    };
    const descending = sort?.descending ?? true;
    found.sort((a, b) => {
      const [x, y] = [by(a), by(b)];
      const order =
        typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "en");
      return descending ? -order : order;
    });
    return {
      total: found.length,
      rows: found.slice(offset, offset + limit).map((kept) => this.listed(tableOf(name), kept)),
    };
  }

  searchEverywhere(search: string, limit: number): Matches[] {
    const query = { search, sort: null, filters: [], offset: 0, limit };
    return TABLES.map(({ name }) => ({ table: name, rows: this.list(name, query).rows })).filter(
      ({ rows }) => rows.length > 0,
    );
  }

  get(name: TableName, id: string): Listed {
    return this.listed(tableOf(name), this.kept(name, id));
  }

  has(name: TableName, id: string): boolean {
    return this.rows[name].has(id);
  }

  /** Whether a row is here that says the same under another identifier. */
  hasTwin(name: TableName, row: Row): boolean {
    const columns = tableOf(name).columns.map((column) => column.name);
    return (
      this.find(
        name,
        columns.filter((column) => column !== "id"),
        row,
      ) !== undefined
    );
  }

  /** A row as it comes, new or in the place of one. */
  take(name: TableName, row: Row): void {
    const now = new Date().toISOString();
    const created = this.rows[name].get(String(row.id))?.created ?? now;
    this.rows[name].set(String(row.id), { row, created, changed: now });
  }

  copy(): Filling {
    return structuredClone(
      Object.fromEntries(TABLES.map(({ name }) => [name, [...this.rows[name].values()]])),
    );
  }

  become(filling: Filling): void {
    Object.assign(this.rows, new FakeStore(structuredClone(filling)).rows);
  }

  /** Only the references: nothing else in memory can break. */
  findings(): Finding[] {
    const everything = { search: null, sort: null, filters: [], offset: 0, limit: Number.POSITIVE_INFINITY };
    return TABLES.flatMap(({ name }) =>
      this.list(name, everything).rows.flatMap(({ row, label, links }) =>
        links
          .filter((link) => link.label === null)
          .map(({ column, table, id }) => ({
            severity: "error" as const,
            table: name,
            id: String(row.id),
            column,
            message: `'${label}' refers to a ${tableOf(table).singular} that is not here (${id}).`,
            remedy: "clear_reference" as const,
          })),
      ),
    );
  }

  create(name: TableName, fields: Row): Created {
    const table = tableOf(name);
    const twin = name === "configs" && this.find(name, ["type", "config"], fields);
    if (twin) return { row: this.listed(table, twin), recognised: true };
    const now = new Date().toISOString();
    const empty = Object.fromEntries(table.columns.map((column) => [column.name, null]));
    const kept = { row: { ...empty, ...fields, id: crypto.randomUUID() }, created: now, changed: now };
    this.check(table, kept.row);
    this.rows[name].set(kept.row.id, kept);
    return { row: this.listed(table, kept), recognised: false };
  }

  update(name: TableName, id: string, fields: Row): Listed {
    const old = this.kept(name, id);
    const kept = { ...old, row: { ...old.row, ...fields }, changed: new Date().toISOString() };
    this.check(tableOf(name), kept.row);
    this.rows[name].set(id, kept);
    return this.listed(tableOf(name), kept);
  }

  duplicate(name: TableName, id: string): Created {
    const { id: _, ...fields } = this.kept(name, id).row;
    return this.create(name, { ...fields, name: `${fields.name} copy` });
  }

  usedBy(name: TableName, ids: string[]): Use[] {
    return TABLES.flatMap((table) =>
      table.columns
        .filter(({ kind }) => kind.is === "reference" && kind.table === name)
        .map((column) => {
          const rows = [...this.rows[table.name].values()].filter(({ row }) =>
            ids.includes(String(row[column.name])),
          );
          const sample = rows
            .slice(0, 20)
            .map(({ row }) => ({ id: String(row.id), label: labelOf(table, row) }));
          return { table: table.name, column: column.name, total: rows.length, sample };
        })
        .filter(({ total }) => total > 0),
    );
  }

  deletionPlan(name: TableName, ids: string[]): DeletionPlan {
    const gone = this.closure(name, ids);
    const cascade = TABLES.map(({ name }) => ({ table: name, rows: gone.get(name)?.size ?? 0 }));
    return { direct: this.usedBy(name, ids), cascade: cascade.filter(({ rows }) => rows > 0) };
  }

  delete(name: TableName, ids: string[], dependents: Dependents): Deleted {
    const uses = this.usedBy(name, ids);
    if (dependents === "refuse" && uses.length > 0) throw refusal("in_use", "Other rows refer to it.");
    const cleared: { row: Row; column: string; value: string }[] = [];
    if (dependents === "detach") {
      for (const { table, column } of uses) {
        for (const { row } of this.rows[table].values()) {
          if (!ids.includes(String(row[column]))) continue;
          cleared.push({ row, column, value: String(row[column]) });
          row[column] = null;
        }
      }
    }
    const gone = dependents === "delete" ? this.closure(name, ids) : new Map([[name, new Set(ids)]]);
    const rows = [...gone].flatMap(([table, ids]) =>
      [...ids].map((id) => ({ table, kept: this.kept(table, id) })),
    );
    const deletion = this.deleted.keep(rows, cleared);
    for (const [table, ids] of gone) for (const id of ids) this.rows[table].delete(id);
    const deleted = [...gone].map(([table, ids]) => ({ table, rows: ids.size }));
    return { deletion, deleted, detached: cleared.length };
  }

  /** Deletes rows of several tables as one deletion. */
  remove(rows: { table: TableName; id: string }[]): Deleted {
    const gone = rows.map(({ table, id }) => ({ table, kept: this.kept(table, id) }));
    const deletion = this.deleted.keep(gone, []);
    for (const { table, id } of rows) this.rows[table].delete(id);
    return { deletion, deleted: rows.map(({ table }) => ({ table, rows: 1 })), detached: 0 };
  }

  holds(name: TableName, column: string, value: unknown): boolean {
    return [...this.rows[name].values()].some(({ row }) => row[column] === value);
  }

  put(name: TableName, kept: Kept): void {
    this.rows[name].set(String(kept.row.id), kept);
  }

  /** The rows, and every row that refers to them, directly or through others. */
  private closure(name: TableName, ids: string[]): Map<TableName, Set<string>> {
    const gone = new Map<TableName, Set<string>>();
    const visit = (name: TableName, ids: string[]) => {
      const known = gone.get(name) ?? new Set();
      gone.set(name, known);
      const fresh = ids.filter((id) => !known.has(id));
      for (const id of fresh) known.add(id);
      if (fresh.length === 0) return;
      for (const { table, column } of this.usedBy(name, fresh)) {
        const rows = [...this.rows[table].values()].filter(({ row }) => fresh.includes(String(row[column])));
        visit(
          table,
          rows.map(({ row }) => String(row.id)),
        );
      }
    };
    visit(name, ids);
    return gone;
  }

  private kept(name: TableName, id: string): Kept {
    const kept = this.rows[name].get(id);
    if (!kept) throw refusal("not_found", `There is no ${tableOf(name).singular} with the identifier ${id}.`);
    return kept;
  }

  private find(name: TableName, columns: string[], fields: Row): Kept | undefined {
    return [...this.rows[name].values()].find(({ row }) =>
      columns.every((column) => row[column] === (fields[column] ?? null)),
    );
  }

  private check(table: Table, row: Row): void {
    const missing = table.columns.filter(
      (column) =>
        column.in_form &&
        column.required &&
        column.filled === null &&
        applies(column, row) &&
        row[column.name] == null,
    );
    const fields = missing.map(({ name, label }) => ({ column: name, message: `${label} is needed.` }));
    const twin = row.name ? this.find(table.name, ["name"], row) : undefined;
    if (twin && twin.row.id !== row.id) {
      const message = `Another ${table.singular} is already called '${row.name}'.`;
      fields.push({ column: "name", message });
    }
    if (fields[0]) throw refusal(twin ? "conflict" : "invalid", fields[0].message, { fields });
  }

  /** Gives rows other tags; returns how many tags came or went. */
  retag(name: TableName, ids: string[], change: (tags: string[]) => string[]): number {
    let changed = 0;
    for (const id of ids) {
      const kept = this.kept(name, id);
      const tags = change(kept.tags ?? []).toSorted((a, b) => a.localeCompare(b, "en"));
      changed += Math.abs(tags.length - (kept.tags?.length ?? 0));
      kept.tags = tags;
    }
    return changed;
  }

  retagAll(change: (tags: string[]) => string[]): number {
    return TABLES.map(({ name }) => this.retag(name, [...this.rows[name].keys()], change)).reduce(
      (a, b) => a + b,
    );
  }

  tags(table: TableName | null): TagCount[] {
    const counts = new Map<string, number>();
    for (const { name } of TABLES.filter(({ name }) => !table || name === table))
      for (const { tags = [] } of this.rows[name].values())
        for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    return [...counts].map(([tag, rows]) => ({ tag, rows })).toSorted((a, b) => a.tag.localeCompare(b.tag));
  }

  private listed(table: Table, { row, created, changed, tags = [] }: Kept): Listed {
    const links: Link[] = [];
    const marks: Mark[] = [];
    for (const column of table.columns) {
      const value = row[column.name];
      if (value == null) continue;
      if (column.kind.is === "reference") {
        const target = this.rows[column.kind.table].get(String(value));
        const label = target ? labelOf(tableOf(column.kind.table), target.row) : null;
        links.push({ column: column.name, table: column.kind.table, id: String(value), label });
        if (label === null) {
          const message = `The ${tableOf(column.kind.table).singular} it refers to is not here.`;
          marks.push({ column: column.name, message });
        }
      }
      if (column.kind.is === "choice" && !column.kind.options.some((option) => option.value === value)) {
        marks.push({ column: column.name, message: `'${value}' is not a type the studio knows.` });
      }
    }
    return {
      row: { ...row },
      label: labelOf(table, row),
      created_at: created,
      changed_at: changed,
      links,
      marks,
      tags,
    };
  }
}

function wordsOf(text: string): string[] {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

export function labelOf(table: Table, row: Row): string {
  const column = table.label.find((name) => columnOf(table, name) && row[name] != null);
  return column ? String(row[column]) : String(row.id).slice(0, 8);
}
