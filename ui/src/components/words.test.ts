import { expect, test } from "vitest";
import { ago, bytes, capitalised, quoted, timeLeft } from "./words";

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

test("names are set in quotation marks", () => {
  expect(quoted("'It's mine' refers to the model 'a b', which is gone.")).toBe(
    "“It's mine” refers to the model “a b”, which is gone.",
  );
});

test("the time left counts days that have begun", () => {
  const left = (hours: number) => timeLeft(new Date(now.getTime() + hours * 3_600_000), now);
  expect([left(719), left(25), left(23), left(1.5), left(0.5), left(-3)]).toEqual([
    "30 days left",
    "2 days left",
    "23 hours left",
    "1 hour left",
    "less than an hour left",
    "less than an hour left",
  ]);
});
