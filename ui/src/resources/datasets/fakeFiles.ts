// Files in memory for the fake platform: what the commands over dataset files answer.
import type { DatasetType, FileColumn, JsonValue, Preview, Problem, Scan, ValueKind } from "../../bindings";
import { type Fake, refusal } from "../../platform/fake";

export type FakeFile = {
  type: DatasetType;
  columns: [name: string, kind: ValueKind][];
  rows: JsonValue[][];
  problems?: Problem[];
};

export function installFakeFiles(fake: Fake, files: Record<string, FakeFile>): void {
  const fileAt = (path: string): FakeFile => {
    const file = files[path];
    if (!file) throw refusal("file", `${path} is not there.`, { hint: "Was it moved or renamed?" });
    return file;
  };
  const pathOf = (source: string) =>
    source.startsWith("/") ? source : String(fake.store.get("datasets", source).row.location);

  fake.on("preview_dataset", ({ source, offset, limit }): Preview => {
    const path = pathOf(source as string);
    const file = fileAt(path);
    const [from, count] = [offset as number, limit as number];
    return {
      path,
      type: file.type,
      columns: columnsOf(file),
      offset: from,
      rows: file.rows.slice(from, from + count).map((values, at) => ({ line: from + at + 2, values })),
      total_rows: file.rows.length,
      end: from + count >= file.rows.length,
      problems: file.problems ?? [],
    };
  });
  fake.on("scan_dataset", ({ path }) => scanOf(path, fileAt(path)));
  fake.on("import_dataset", ({ path, name }) => {
    const file = fileAt(path);
    const features = JSON.stringify(file.columns.map(([column]) => column));
    return fake.store.create("datasets", { type: file.type, name: name as string, location: path, features });
  });
}

export function scanOf(path: string, file: FakeFile): Scan {
  const problems = file.problems ?? [];
  const count = (severity: Problem["severity"]) => problems.filter((one) => one.severity === severity).length;
  return {
    path,
    type: file.type,
    bytes: JSON.stringify(file.rows).length,
    rows: file.rows.length,
    columns: columnsOf(file),
    problems,
    errors: count("error"),
    warnings: count("warning"),
  };
}

function columnsOf({ columns, rows }: FakeFile): FileColumn[] {
  return columns.map(([name, kind], at) => {
    const values = rows.map((row) => row[at] ?? null).filter((value) => value !== null && value !== "");
    const samples = values
      .slice(0, 20)
      .map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
    return { name, kind, filled: values.length, samples: [...new Set(samples)].slice(0, 3) };
  });
}
