import { expect, test } from "vitest";
import { ago, bytes, capitalised } from "./words";

const now = new Date("2026-11-23T12:00:00Z");
const before = (seconds: number) => ago(new Date(now.getTime() - seconds * 1000), now);

test("times are said as a person would", () => {
  expect([before(5), before(60), before(7200), before(86_400), before(3 * 604_800)]).toEqual([
    "just now",
    "1 min. ago",
    "2 hr. ago",
    "yesterday",
    "3 wk. ago",
  ]);
});

test("sizes keep two figures", () => {
  expect([bytes(0), bytes(999), bytes(1500), bytes(85_300_000)]).toEqual([
    "0 bytes",
    "999 bytes",
    "1.5 KB",
    "85 MB",
  ]);
});

test("a sentence starts with a capital", () => {
  expect(capitalised("fine-tuning job")).toBe("Fine-tuning job");
});
