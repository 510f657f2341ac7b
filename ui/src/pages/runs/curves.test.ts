import { expect, test } from "vitest";
import type { Method, Series } from "../../bindings";
import { hasLogarithm, type Line, ticks } from "./curves";
import { firstViews, measuresOf } from "./measures";

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

const series = (...names: string[]): Series[] =>
  names.map((name) => ({ name, points: [{ step: 1, value: 0.5 }] }));

test("what is shown first follows from the method, as far as it is measured", () => {
  const values = (method: Method, measured: Series[]) =>
    firstViews(method, measured).map(({ value }) => value);
  const preference = series("loss", "rewards/margins", "eval_rewards/accuracies", "entropy", "kl");
  expect(values("dpo", preference)).toEqual(["loss", "margins", "accuracies"]);
  expect(values("kto", preference)).toEqual(["loss", "margins", "kl"]);
  expect(values("sft", preference)).toEqual(["loss"]);
  expect(values("reward", series("eval_accuracy"))).toEqual(["accuracy"]);
});

test("what is measured on held-back rows is compared with the same of the training", () => {
  const compared = measuresOf([series("eval_loss", "loss"), series("eval_rewards/margins")]);
  expect(compared).toEqual(["loss", "rewards/margins"]);
});
