// Snapshots and backups over the rows in memory: plans are counted, not made up.
import { TABLES } from "../../api/tables";
import type {
  Backup,
  BackupReason,
  BackupRule,
  Conflict,
  Exported,
  ImportPolicy,
  ImportReport,
  Plan,
  Row,
  RowsForm,
  Skipped,
  SourceProblem,
  Table,
  TableName,
  TablePlan,
} from "../../bindings";
import { kept } from "./fillings";
import { type FakeStore, type Filling, refusal } from "./store";

/** What a file holds; rows that can't be taken stand only in `problems`. */
export type FakeFile = {
  kind?: Plan["kind"];
  rows: Partial<Record<TableName, Row[]>>;
  problems?: SourceProblem[];
  skipped?: Skipped[];
};

export class FakeSnapshots {
  readonly files = new Map<string, FakeFile>();
  private staged: { path: string; file: FakeFile } | null = null;
  private kept: { backup: Backup; rows: Filling }[] = [];
  private rule: BackupRule = { keep_last: 10, keep_days: 30 };

  constructor(private readonly store: FakeStore) {}

  /** Writes a file that can be imported; of one for a spreadsheet only its size is kept. */
  exportRows(path: string, table: TableName, ids: string[], form: RowsForm): Exported {
    const rows = new Map([[table, new Set(ids)]]);
    const take = (name: TableName, ids: string[]) => {
      for (const { table, id, label } of ids.flatMap((id) => this.store.get(name, id).links)) {
        if (label === null || rows.get(table)?.has(id)) continue;
        rows.set(table, (rows.get(table) ?? new Set()).add(id));
        take(table, [id]);
      }
    };
    if (form.form === "json" && form.with_references) take(table, ids);
    const written = [...rows].map(([table, ids]) => [
      table,
      [...ids].map((id) => this.store.get(table, id).row),
    ]);
    if (form.form === "json") this.files.set(path, { rows: Object.fromEntries(written) });
    const counts = [...rows].map(([table, ids]) => ({ table, rows: ids.size }));
    return { path, bytes: JSON.stringify(written).length, rows: counts };
  }

  plan(path: string): Plan {
    const file = this.files.get(path);
    if (!file) throw refusal("file", `${path} can't be read.`, { hint: "Choose another file." });
    this.staged = { path, file };
    return this.planned();
  }

  conflicts(name: TableName, offset: number, limit: number): Conflict[] {
    const { file } = this.current();
    return this.compared(name, file)
      .filter(({ here, fields }) => here && fields.length > 0)
      .slice(offset, offset + limit)
      .map(({ row, label, fields }) => ({
        id: String(row.id),
        label,
        fields: fields.map(({ name, here, there }) => ({ column: name, here, there })),
      }));
  }

  import(policy: ImportPolicy): ImportReport {
    const { path, file } = this.current();
    const plan = this.planned();
    if (plan.problem_count > 0 && !policy.skip_invalid) throw refusal("invalid", "Some rows can't be taken.");
    const on = (table: TableName) => policy.tables[table] ?? policy.on_conflict;
    const undecided = TABLES.some(({ name }) => plan.tables[name]?.conflicting && on(name) === "abort");
    if (undecided) throw refusal("conflict", "Some rows are here with other content.");
    const backup = this.backUp("import");
    const tables: ImportReport["tables"] = {};
    for (const table of TABLES) {
      const compared = this.compared(table.name, file);
      const added = compared.filter(({ here }) => !here);
      const replaced = compared.filter(({ here, fields }) => here && fields.length > 0);
      const taken = on(table.name) === "replace" ? [...added, ...replaced] : added;
      for (const { row } of taken) {
        const dangling = policy.on_dangling === "clear" ? this.dangling(table, row, file) : [];
        this.store.take(table.name, { ...row, ...Object.fromEntries(dangling.map((name) => [name, null])) });
      }
      const found = plan.tables[table.name] as TablePlan;
      tables[table.name] = { ...found, added: added.length, replaced: taken.length - added.length };
    }
    this.staged = null;
    const { problems: left_out, problem_count: left_out_count, skipped } = plan;
    return { source: path, tables, left_out, left_out_count, skipped, backup };
  }

  discard(): null {
    this.staged = null;
    return null;
  }

  backups() {
    return { rule: this.rule, backups: this.kept.map(({ backup }) => backup) };
  }

  backUp(reason: BackupReason, now = new Date()): Backup {
    const id = `${now.toISOString()}-${this.kept.length}`;
    const path = `/home/ada/backups/studio.${id}.${reason}.sqlite`;
    const backup = { id, reason, created_at: now.toISOString(), bytes: 1_482_752, path };
    this.kept.unshift({ backup, rows: this.store.copy() });
    return backup;
  }

  restore(id: string): Backup {
    const { rows } = this.find(id);
    const before = this.backUp("restore");
    this.store.become(rows);
    return before;
  }

  deleteBackup(id: string): null {
    const found = this.find(id);
    this.kept = this.kept.filter((kept) => kept !== found);
    return null;
  }

  setRule(rule: BackupRule): null {
    this.rule = rule;
    return null;
  }

  private find(id: string) {
    const found = this.kept.find(({ backup }) => backup.id === id);
    if (!found) throw refusal("not_found", "This backup is not there any more.");
    return found;
  }

  private current() {
    if (!this.staged) throw refusal("not_found", "There is no import to carry on with.");
    return this.staged;
  }

  private planned(): Plan {
    const { path, file } = this.current();
    const problems = file.problems ?? [];
    const tables = Object.fromEntries(
      TABLES.map((table) => {
        const compared = this.compared(table.name, file);
        const fresh = compared.filter(({ here }) => !here);
        const plan: TablePlan = {
          new: fresh.length,
          same: compared.filter(({ here, fields }) => here && fields.length === 0).length,
          conflicting: compared.filter(({ here, fields }) => here && fields.length > 0).length,
          invalid: new Set(problems.filter((p) => p.table === table.name).map((p) => p.row)).size,
          duplicates: fresh.filter(({ row }) => this.store.hasTwin(table.name, row)).length,
          dangling: compared.filter(
            ({ here, row, fields }) =>
              (!here || fields.length > 0) && this.dangling(table, row, file).length > 0,
          ).length,
          cleared: 0,
        };
        return [table.name, plan];
      }),
    );
    const { kind = "json", skipped = [] } = file;
    return { source: path, kind, tables, problems, problem_count: problems.length, skipped };
  }

  private compared(name: TableName, file: FakeFile) {
    return (file.rows[name] ?? []).map((short) => {
      const { row } = kept(name, short);
      const here = this.store.has(name, String(row.id)) ? this.store.get(name, String(row.id)) : null;
      const differs = Object.keys(row).filter((column) => here && here.row[column] !== row[column]);
      const fields = differs.map((column) => ({
        name: column,
        here: here?.row[column] ?? null,
        there: row[column] ?? null,
      }));
      return { row, here, label: here?.label ?? "", fields };
    });
  }

  private dangling(table: Table, row: Row, file: FakeFile): string[] {
    return table.columns
      .filter(({ name, kind }) => {
        if (kind.is !== "reference" || row[name] == null) return false;
        const inFile = file.rows[kind.table]?.some(({ id }) => id === row[name]);
        return !inFile && !this.store.has(kind.table, String(row[name]));
      })
      .map(({ name }) => name);
  }
}
