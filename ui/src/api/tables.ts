import { type Column, type Listed, type Row, TABLES, type Table, type TableName } from "../bindings";

export { TABLES };

const byName = new Map<string, Table>(TABLES.map((table) => [table.name, table]));

export function isTableName(name: string): name is TableName {
  return byName.has(name);
}

export function tableOf(name: TableName): Table {
  const table = byName.get(name);
  if (!table) throw new Error(`no table is called ${name}`);
  return table;
}

export function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** Whether a column belongs to a row, given the row's type. */
export function applies(column: Column, row: Row): boolean {
  return column.when.length === 0 || column.when.includes(String(row.type ?? ""));
}

export function idOf(listed: Listed): string {
  return String(listed.row.id ?? "");
}
