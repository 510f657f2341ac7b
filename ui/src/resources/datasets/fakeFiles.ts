// Files in memory for the fake platform: what the commands over dataset files answer.
import type {
  Converted,
  DatasetType,
  Diagnosis,
  FileColumn,
  FileCondition,
  FileFacts,
  FileState,
  JsonValue,
  Preview,
  Problem,
  ProblemFile,
  Relocated,
  Scan,
  Shape,
  Split,
  ValueKind,
} from "../../bindings";
import { type Fake, refusal } from "../../platform/fake";
import { profileOf } from "./fakeProfile";

export type FakeFile = {
  type: DatasetType;
  columns: [name: string, kind: ValueKind][];
  rows: JsonValue[][];
  problems?: Problem[];
  /** What the doctor says; plain columns without a problem when not told. */
  diagnosis?: Partial<Diagnosis>;
  /** What has become of it since it was read; it is as it was when not told. */
  condition?: FileCondition;
  /** Those of a folder, with how many of its rows each has, one after the other. */
  splits?: (Split & { rows: number })[];
};

export function installFakeFiles(fake: Fake, files: Record<string, FakeFile>): void {
  const fileAt = (path: string): FakeFile => {
    const file = files[path];
    if (!file) throw refusal("file", `${path} is not there.`, { hint: "Was it moved or renamed?" });
    return file;
  };
  const pathOf = (source: unknown) =>
    String(source).startsWith("/")
      ? String(source)
      : String(fake.store.get("datasets", String(source)).row.location);
  const read = (source: unknown) => {
    const path = pathOf(source);
    return { path, file: fileAt(path) };
  };

  const preview = (source: unknown, split: string | null, offset: number, limit: number): Preview => {
    const { path, file } = read(source);
    const splits = file.splits ?? [];
    const at = splits.findIndex(({ name }) => name === split);
    const before = splits.slice(0, Math.max(0, at)).reduce((sum, { rows }) => sum + rows, 0);
    const rows = split === null ? file.rows : file.rows.slice(before, before + (splits[at]?.rows ?? 0));
    return {
      path,
      type: file.type,
      splits: splits.map(({ name, files }) => ({ name, files })),
      columns: columnsOf(file),
      offset,
      rows: rows
        .slice(offset, offset + limit)
        .map((values, at) => ({ line: offset + at + (file.type === "project_csv" ? 2 : 1), values })),
      total_rows: rows.length,
      end: offset + limit >= rows.length,
      problems: file.problems ?? [],
    };
  };
  fake.on("preview_dataset", ({ source, offset, limit }) => preview(source, null, offset, limit));
  fake.on("preview_split", ({ source, split, offset, limit }) =>
    preview(source, String(split), offset, limit),
  );
  fake.on("scan_dataset", ({ path }) => scanOf(path, fileAt(path)));
  fake.on("import_dataset", ({ path, name }) => {
    const file = fileAt(path);
    const features = JSON.stringify(file.columns.map(([column]) => column));
    return fake.store.create("datasets", { type: file.type, name: name as string, location: path, features });
  });
  fake.on("profile_dataset", ({ source }) => {
    const { path, file } = read(source);
    return { path, type: file.type, bytes: sizeOf(file), rows: file.rows.length, columns: profileOf(file) };
  });
  fake.on("diagnose_dataset", ({ source }) => {
    const { path, file } = read(source);
    return diagnosisOf(path, file);
  });
  fake.on("list_problems", ({ source, target }): ProblemFile => {
    const { errors, warnings } = diagnosisOf(read(source).path, read(source).file);
    return { path: String(target), problems: Number(errors) + Number(warnings) };
  });
  fake.on("convert_dataset", ({ source, to, target }): Converted => {
    const { path, file } = read(source);
    const bad = diagnosisOf(path, file).problems.filter(({ severity }) => severity === "error");
    const rows = file.rows.filter((_, at) => !bad.some(({ row }) => row === at + 1));
    const made: FakeFile = { ...file, rows, type: "project_jsonl", diagnosis: { shape: to as Shape } };
    files[String(target)] = made;
    return {
      path: String(target),
      shape: to as Shape,
      rows: rows.length,
      bytes: sizeOf(made),
      left_out: bad.length,
      problems: bad,
    };
  });
  fake.on("dataset_file", ({ id }) => stateOf(pathOf(id), files[pathOf(id)]));
  fake.on("verify_dataset_file", ({ id }): FileState => {
    const { path, file } = read(id);
    const state = stateOf(path, file);
    if (file.condition !== "changed") file.condition = "there";
    const condition = state.condition === "never_read" ? "there" : state.condition;
    return { ...state, condition, compared: true };
  });
  fake.on("relocate_dataset", ({ id, path }): Relocated => {
    const before = files[pathOf(id)];
    const file = fileAt(path);
    const same_content = before ? before === file && before.condition !== "changed" : null;
    file.condition = "there";
    const names = (one: FakeFile | undefined) => JSON.stringify(one?.columns.map(([name]) => name));
    fake.store.update("datasets", id, { location: path, type: file.type });
    return {
      dataset: fake.store.get("datasets", id),
      same_content,
      columns_changed: before !== undefined && names(before) !== names(file),
    };
  });
}

export function scanOf(path: string, file: FakeFile): Scan {
  const problems = file.problems ?? [];
  return {
    path,
    type: file.type,
    bytes: sizeOf(file),
    rows: file.rows.length,
    columns: columnsOf(file),
    problems,
    errors: count(problems, "error"),
    warnings: count(problems, "warning"),
  };
}

function diagnosisOf(path: string, file: FakeFile): Diagnosis {
  const problems = file.diagnosis?.problems ?? [];
  return {
    path,
    type: file.type,
    shape: "columns",
    why: "The columns have none of the names that trainers know.",
    rows: file.rows.length,
    bad_rows: new Set(problems.filter(({ severity }) => severity === "error").map(({ row }) => row)).size,
    duplicates: 0,
    conversions: [],
    errors: count(problems, "error"),
    warnings: count(problems, "warning"),
    problems,
    ...file.diagnosis,
  };
}

function stateOf(path: string, file: FakeFile | undefined): FileState {
  const condition = file ? (file.condition ?? "there") : "missing";
  const facts = (bytes: number, day: number, rows: number | null): FileFacts => ({
    bytes,
    modified: new Date(Date.UTC(2026, 10, day, 9, 12)).toISOString(),
    rows,
    hash: null,
  });
  const size = file ? sizeOf(file) : 1_482_752;
  const written = condition === "changed" || condition === "touched";
  return {
    path,
    condition,
    compared: false,
    // biome-ignore lint/suspicious/noThenProperty: the core's name for it; it is no function
    then: condition === "never_read" ? null : facts(size, 3, file?.rows.length ?? 8_214),
    now: file ? facts(condition === "changed" ? size + 1_204 : size, written ? 23 : 3, null) : null,
  };
}

function count(problems: Problem[], severity: Problem["severity"]): number {
  return problems.filter((one) => one.severity === severity).length;
}

function sizeOf({ rows }: FakeFile): number {
  return JSON.stringify(rows).length;
}

function columnsOf({ columns, rows }: FakeFile): FileColumn[] {
  return columns.map(([name, kind], at) => {
    const values = rows
      .slice(0, 1000)
      .map((row) => row[at] ?? null)
      .filter((value) => value !== null && value !== "");
    const samples = values
      .slice(0, 20)
      .map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
    const filled = rows.filter((row) => (row[at] ?? null) !== null && row[at] !== "").length;
    return { name, kind, filled, samples: [...new Set(samples)].slice(0, 3) };
  });
}
