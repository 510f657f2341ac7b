// Scroll positions in rows that are taller in total than a browser can lay out.

/** Pixels that every browser can lay out. WebKit's limit is about 33 million, or a million rows. */
export const TALLEST = 8_000_000;

/** The height of all rows and of the visible part, in pixels. */
export type Extent = { rows: number; view: number };

/**
 * A position in a scroller of at most `TALLEST` pixels: `skipped` pixels of rows come before its first one.
 * `skipped` changes in steps.
 */
export type Place = { top: number; skipped: number };

const STEPS = 100;

function skippedAt(step: number, { rows }: Extent): number {
  const steps = Math.ceil(rows / (TALLEST / STEPS));
  const at = Math.max(0, Math.min(steps - 1, Math.floor(step)));
  return Math.round((at * (rows - TALLEST)) / (steps - 1));
}

/** The place that shows the rows from `y` pixels on. */
export function placeOf(y: number, extent: Extent): Place {
  const most = Math.max(0, extent.rows - extent.view);
  const within = Math.max(0, Math.min(most, y));
  if (extent.rows <= TALLEST) return { top: within, skipped: 0 };
  const skipped = skippedAt(within / (TALLEST / STEPS), extent);
  return { top: within - skipped, skipped };
}

/**
 * The place after the scroller moved to `top`. A small move continues from the place before. A larger one
 * comes from the scrollbar, whose relative position is applied to all rows.
 */
export function scrolledTo(top: number, before: Place, extent: Extent): Place {
  if (extent.rows <= TALLEST) return { top, skipped: 0 };
  if (Math.abs(top - before.top) < extent.view) return placeOf(top + before.skipped, extent);
  const y = (top * (extent.rows - extent.view)) / (TALLEST - extent.view);
  return { top, skipped: skippedAt(y / (TALLEST / STEPS), extent) };
}
