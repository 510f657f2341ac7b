import { expect, test } from "vitest";
import { hasLogarithm, type Line, ticks } from "./curves";

test("an axis has few round numbers, and zero among them", () => {
  expect(ticks(10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(ticks(0, 5)).toEqual([0]);
  expect(ticks(1, 5, -1.1)).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(ticks(0, 5, -52)).toEqual([-40, -20, 0]);
});

test("only values that are not negative have a logarithmic axis", () => {
  const line = (...values: (number | null)[]): Line => ({
    key: "",
    label: "",
    color: "",
    points: values.map((value, step) => ({ step, value })),
  });
  expect(hasLogarithm([line(1, null, 0)])).toBe(true);
  expect(hasLogarithm([line(1), line(-1, 2)])).toBe(false);
});
