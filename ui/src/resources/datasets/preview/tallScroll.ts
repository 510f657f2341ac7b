// Where one is in rows that together are taller than a browser can lay out.

/** WebKit ends at some 33 million pixels, which a million rows reach; this is safe everywhere. */
export const TALLEST = 8_000_000;

/** How tall the rows are together, and how tall the part of them is that can be seen at once. */
export type Extent = { rows: number; view: number };

/**
 * The scroller is never taller than `TALLEST`. What is above it is left out in steps: `skipped` pixels of
 * the rows lie before the scroller's first.
 */
export type Place = { top: number; skipped: number };

const STEPS = 100;

function skippedAt(step: number, { rows }: Extent): number {
  const steps = Math.ceil(rows / (TALLEST / STEPS));
  const at = Math.max(0, Math.min(steps - 1, Math.floor(step)));
  return Math.round((at * (rows - TALLEST)) / (steps - 1));
}

/** How to show what lies `y` pixels down the rows. */
export function placeOf(y: number, extent: Extent): Place {
  const most = Math.max(0, extent.rows - extent.view);
  const within = Math.max(0, Math.min(most, y));
  if (extent.rows <= TALLEST) return { top: within, skipped: 0 };
  const skipped = skippedAt(within / (TALLEST / STEPS), extent);
  return { top: within - skipped, skipped };
}

/**
 * The place after the scroller moved to `top`. A small move goes on from where one was; a leap is someone
 * dragging the scrollbar, whose share of the scroller is meant as the same share of the rows.
 */
export function scrolledTo(top: number, before: Place, extent: Extent): Place {
  if (extent.rows <= TALLEST) return { top, skipped: 0 };
  if (Math.abs(top - before.top) < extent.view) return placeOf(top + before.skipped, extent);
  const y = (top * (extent.rows - extent.view)) / (TALLEST - extent.view);
  return { top, skipped: skippedAt(y / (TALLEST / STEPS), extent) };
}
