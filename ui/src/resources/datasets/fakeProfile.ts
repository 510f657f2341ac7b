// What the fake says stands in the columns of a file.
import type { Bucket, ColumnProfile, JsonValue } from "../../bindings";
import type { FakeFile } from "./fakeFiles";

export function profileOf({ columns, rows }: FakeFile): ColumnProfile[] {
  return columns.map(([name, kind], at) => {
    const values = rows.map((row) => row[at] ?? null).filter((value) => value !== null && value !== "");
    const texts = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    const numeric = kind === "integer" || kind === "number";
    const measured = numeric ? values.map(Number) : values.map(lengthOf);
    const [least, most] = [Math.min(...measured), Math.max(...measured)];
    const mean = measured.reduce((sum, one) => sum + one, 0) / measured.length;
    return {
      name,
      kind,
      filled: values.length,
      distinct: { count: counts.size, exact: counts.size < 5_000 },
      lengths: numeric || kind === "boolean" || values.length === 0 ? null : { least, most, mean },
      commonest: {
        values: [...counts]
          .filter(([, count]) => count > 1)
          .sort((a, b) => b[1] - a[1])
          .slice(0, 5)
          .map(([value, count]) => ({ value: value.slice(0, 80), rows: count })),
        exact: true,
      },
      histogram:
        values.length === 0 || kind === "boolean"
          ? null
          : { of: numeric ? "values" : "lengths", buckets: bucketsOf(measured, least, most) },
    };
  });
}

function bucketsOf(measured: number[], least: number, most: number): Bucket[] {
  const width = (most + 1 - least) / 12;
  return Array.from({ length: 12 }, (_, at) => {
    const [from, to] = [least + at * width, least + (at + 1) * width];
    return { from, to, rows: measured.filter((one) => one >= from && one < to).length };
  });
}

/** The length of all texts in a value. */
function lengthOf(value: JsonValue): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, one) => sum + lengthOf(one), 0);
}
