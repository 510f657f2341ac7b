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
    name: "rewards/accuracies",
    label: "Preferred by reward",
    help: "Rows whose chosen answer has the higher reward, or whose label fits the sign of the reward.",
    lower: false,
    format: formatPercent,
  },
  {
    name: "rewards/margins",
    label: "Reward margin",
    help: "How much higher the reward of the chosen answers is, on average.",
    lower: false,
    format: margin,
  },
  {
    name: "logps/accuracies",
    label: "Likelier answers",
    help: "Rows whose chosen answer is more likely as a whole. Shorter answers have an advantage.",
    lower: false,
    format: formatPercent,
  },
  {
    name: "logps_per_token/accuracies",
    label: "Likelier per token",
    help: "Rows whose chosen answer is more likely on average per token, whatever its length.",
    lower: false,
    format: formatPercent,
  },
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
    label: "Time per row",
    help: "Mean time for one answer, or for one comparison.",
    lower: true,
    format: formatLatency,
  },
];

function score(value: number): string {
  return value.toFixed(3);
}

/** A difference, with its sign. */
export function margin(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

/** Measures that say little beside the others. They are in the files of the results. */
const unsaid = /^(rewards|logps|logps_per_token)\/(chosen|rejected)$|^logps(_per_token)?\/margins$/;

/** The measures among some metrics, known ones first. */
export function measuresIn(metrics: Record<string, JsonValue>[]): Measure[] {
  const names = new Set(
    metrics.flatMap((one) => Object.keys(one).filter((name) => typeof one[name] === "number")),
  );
  const others = [...names].filter(
    (name) => !unsaid.test(name) && !known.some((measure) => measure.name === name),
  );
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
