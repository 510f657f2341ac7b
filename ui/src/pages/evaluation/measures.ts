// The measures of an evaluation, with their labels and formats.

import type { JsonValue } from "../../bindings";
import { formatPercent } from "../../format/numbers";
import { formatLatency } from "../../format/times";

export type Measure = {
  name: string;
  label: string;
  help: string;
  lower: boolean;
  format: (value: number) => string;
};

const known: Measure[] = [
  {
    name: "exact_match/v1",
    label: "Exact match",
    help: "Answers that are exactly as expected.",
    lower: false,
    format: formatPercent,
  },
  {
    name: "rouge1/v1/mean",
    label: "ROUGE-1",
    help: "Words in common, from 0 to 1.",
    lower: false,
    format: score,
  },
  {
    name: "rougeL/v1/mean",
    label: "ROUGE-L",
    help: "Longest common run of words, from 0 to 1.",
    lower: false,
    format: score,
  },
  {
    name: "rougeLsum/v1/mean",
    label: "ROUGE-Lsum",
    help: "The same, line by line.",
    lower: false,
    format: score,
  },
  {
    name: "latency/mean",
    label: "Time per answer",
    help: "Mean time for one answer.",
    lower: true,
    format: formatLatency,
  },
];

function score(value: number): string {
  return value.toFixed(3);
}

/** The measures among some metrics, known ones first. */
export function measuresIn(metrics: Record<string, JsonValue>[]): Measure[] {
  const names = new Set(
    metrics.flatMap((one) => Object.keys(one).filter((name) => typeof one[name] === "number")),
  );
  const others = [...names].filter((name) => !known.some((measure) => measure.name === name));
  return [
    ...known.filter(({ name }) => names.has(name)),
    ...others.map((name) => ({ name, label: name, help: "", lower: false, format: score })),
  ];
}

/** The best of several values; null if all are equal or only one is known. */
export function best(values: (number | null)[], lower: boolean): number | null {
  const there = values.filter((value) => value !== null);
  if (there.length < 2 || new Set(there).size < 2) return null;
  return lower ? Math.min(...there) : Math.max(...there);
}
