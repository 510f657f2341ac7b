import { expect, test } from "vitest";
import { type Extent, type Place, placeOf, scrolledTo, TALLEST } from "./tallScroll";

const short: Extent = { rows: 30_000, view: 600 };
const tall: Extent = { rows: 300_000_000, view: 600 };
const at = ({ top, skipped }: Place) => top + skipped;

test("rows that fit are scrolled as they are", () => {
  expect(placeOf(1200, short)).toEqual({ top: 1200, skipped: 0 });
  expect(placeOf(1_000_000, short)).toEqual({ top: 29_400, skipped: 0 });
  expect(scrolledTo(900, { top: 0, skipped: 0 }, short)).toEqual({ top: 900, skipped: 0 });
});

test("any place of rows taller than a browser allows can be shown, the first and the last too", () => {
  for (const y of [0, 1, 79_999, 80_000, 150_000_000, 299_999_399, 299_999_400]) {
    const place = placeOf(y, tall);
    expect(at(place)).toBe(y);
    expect(place.top).toBeGreaterThanOrEqual(0);
    expect(place.top).toBeLessThanOrEqual(TALLEST - tall.view);
  }
});

test("a small step goes a small step, over the seams too", () => {
  let place = placeOf(79_900, tall);
  for (let step = 1; step <= 20; step++) {
    place = scrolledTo(place.top + 30, place, tall);
    expect(at(place)).toBe(79_900 + step * 30);
  }
});

test("dragging the scrollbar leads to the same share of the rows", () => {
  const end = scrolledTo(TALLEST - tall.view, { top: 0, skipped: 0 }, tall);
  expect(at(end)).toBe(tall.rows - tall.view);
  const half = scrolledTo((TALLEST - tall.view) / 2, { top: 0, skipped: 0 }, tall);
  expect(at(half) / tall.rows).toBeCloseTo(0.5, 1);
  expect(at(scrolledTo(0, half, tall))).toBe(0);
});
