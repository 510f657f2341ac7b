// The data of the chart: one record for each step, with a value for every curve.
import type { Series } from "../../bindings";

export type Line = {
  key: string;
  label: string;
  color: string;
  /** Whether it is of held-back rows, beside a line of the same color. */
  dashed?: boolean;
  points: Series["points"];
};

/** Round numbers from `first`, which is at most 0, to `last`, in at most `most` steps. 0 is one of them. */
export function ticks(last: number, most: number, first = 0): number[] {
  if (!(last - first > 0)) return [0];
  const rough = (last - first) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = power * ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10);
  const before = Math.floor(-first / size);
  return Array.from({ length: before + Math.floor(last / size) + 1 }, (_, n) => (n - before) * size);
}

/** Whether curves can be drawn on a logarithmic axis: rewards and log-probabilities are negative as well. */
export function hasLogarithm(lines: Line[]): boolean {
  return lines.every(({ points }) => points.every(({ value }) => value === null || value >= 0));
}

/** A record for every step with a measurement. */
export function records(lines: Line[], logarithmic: boolean): Record<string, number>[] {
  const steps = new Map<number, Record<string, number>>();
  for (const { key, points } of lines)
    for (const { step, value } of points) {
      // A logarithmic axis has no place for zero and negative values.
      if (value === null || (logarithmic && value <= 0)) continue;
      const record = steps.get(step) ?? { step };
      record[key] = value;
      steps.set(step, record);
    }
  return [...steps.values()].sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
}
