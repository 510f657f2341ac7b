// Rows as a snapshot brings them: with identifiers of their own, and such as forms would refuse.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ImportPolicy, Row, TableName } from "../bindings";
import type { Connection } from "./host/connection";

export type Rows = Partial<Record<TableName, Row[]>>;

const policy: ImportPolicy = {
  on_conflict: "abort",
  tables: {},
  targets: null,
  on_dangling: "keep",
  skip_invalid: false,
};

/** Imports rows. They have no times, and stand in lists in the order in which they are given. */
export async function importRows(connection: Connection, rows: Rows): Promise<void> {
  const path = join(connection.folder, "rows.json");
  writeFileSync(path, JSON.stringify(rows));
  // Nobody listens to that channel.
  const work = { task: path, onProgress: "__CHANNEL__:0" };
  await connection.invoke("plan_import", { path, ...work });
  await connection.invoke("import_snapshot", { policy, ...work });
  const { backups } = await connection.invoke<{ backups: { id: string }[] }>("backups", {});
  for (const { id } of backups) await connection.invoke("delete_backup", { id });
}
