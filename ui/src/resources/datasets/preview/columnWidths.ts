import type { FileColumn, JsonValue } from "../../../bindings";
import { oneLine } from "../values/cellText";

const LETTER = 7;
/** Fits the longest label of a kind of value. */
const LEAST = 112;
const MOST = 340;

/**
 * Column widths in pixels, estimated from the first rows so that they do not change while scrolling. Each
 * of `rows` has a value for every column.
 */
export function columnWidths(columns: FileColumn[], rows: JsonValue[][]): number[] {
  return columns.map((column, at) => {
    const lengths = rows.map((row) => oneLine(row[at] ?? null).length).sort((a, b) => a - b);
    // The longest tenth of the values does not count.
    const usual = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
    return Math.max(LEAST, Math.min(MOST, Math.max(usual, column.name.length) * LETTER + 26));
  });
}
