// The data of the chart: one record for each step, with a value for every curve.
import type { Series } from "../../bindings";

export type Line = { key: string; label: string; color: string; points: Series["points"] };

/** Round numbers from 0 to `last`, in at most `most` steps. */
export function ticks(last: number, most: number): number[] {
  if (!(last > 0)) return [0];
  const rough = last / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = power * ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(last / size) + 1 }, (_, n) => n * size);
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
