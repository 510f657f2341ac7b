import type { FileColumn, JsonValue } from "../../../bindings";
import { oneLine } from "../values/cellText";

const LETTER = 7;
/** The words for a kind of value fit. */
const LEAST = 112;
const MOST = 340;

/**
 * The widths of the columns, by what the first rows hold: they must not change while one scrolls. Rows
 * measured are `rows`, each a value a column.
 */
export function columnWidths(columns: FileColumn[], rows: JsonValue[][]): number[] {
  return columns.map((column, at) => {
    const lengths = rows.map((row) => oneLine(row[at] ?? null).length).sort((a, b) => a - b);
    // One long value in ten must not make a column of short ones wide.
    const usual = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
    return Math.max(LEAST, Math.min(MOST, Math.max(usual, column.name.length) * LETTER + 26));
  });
}
