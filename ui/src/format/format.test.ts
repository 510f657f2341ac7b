import { expect, test } from "vitest";
import { formatBytes } from "./numbers";
import { capitalize, curlyQuotes } from "./texts";
import { formatAgo, formatTimeLeft } from "./times";

const now = new Date("2026-11-23T12:00:00Z");
const before = (seconds: number) => formatAgo(new Date(now.getTime() - seconds * 1000), now);

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
  expect([formatBytes(0), formatBytes(999), formatBytes(1500), formatBytes(85_300_000)]).toEqual([
    "0 bytes",
    "999 bytes",
    "1.5 KB",
    "85 MB",
  ]);
});

test("a sentence starts with a capital", () => {
  expect(capitalize("fine-tuning job")).toBe("Fine-tuning job");
});

test("names are set in quotation marks", () => {
  expect(curlyQuotes("'It's mine' refers to the model 'a b', which is gone.")).toBe(
    "“It's mine” refers to the model “a b”, which is gone.",
  );
});

test("the time left counts days that have begun", () => {
  const left = (hours: number) => formatTimeLeft(new Date(now.getTime() + hours * 3_600_000), now);
  expect([left(719), left(25), left(23), left(1.5), left(0.5), left(-3)]).toEqual([
    "30 days left",
    "2 days left",
    "23 hours left",
    "1 hour left",
    "less than an hour left",
    "less than an hour left",
  ]);
});
