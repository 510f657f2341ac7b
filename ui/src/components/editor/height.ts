// The height of the editor, in pixels.
export const LINE = 19;
export const PADDING = 6;

export function heightOf(rows: number): number {
  return rows * LINE + 2 * PADDING + 2;
}
