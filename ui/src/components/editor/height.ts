// The editor's height in pixels: lines of 19, and 6 above and below them.
export const LINE = 19;
export const PADDING = 6;

export function heightOf(rows: number): number {
  return rows * LINE + 2 * PADDING + 2;
}
