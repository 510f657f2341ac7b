import { listRows } from "../../api/store";
import type { TableName } from "../../bindings";

/** A text as a valid adapter name: letters, digits and dashes. */
export function slug(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48);
}

const holders: { table: TableName; column: string }[] = [
  { table: "adapters", column: "name" },
  { table: "fine_tuning_jobs", column: "adapter_name" },
];

async function taken(name: string): Promise<boolean> {
  const found = await Promise.all(
    holders.map(({ table, column }) => {
      const filters = [{ column, value: name }];
      return listRows(table, { search: null, sort: null, filters, offset: 0, limit: 1 });
    }),
  );
  return found.some(({ total }) => total > 0);
}

/** The name, or the name with the first number that no adapter and no job has. Empty if all are taken. */
export async function freeName(wanted: string): Promise<string> {
  const name = slug(wanted) || "adapter";
  if (!(await taken(name))) return name;
  const base = name.replace(/-\d+$/, "");
  for (let n = 2; n < 100; n++) if (!(await taken(`${base}-${n}`))) return `${base}-${n}`;
  return "";
}
