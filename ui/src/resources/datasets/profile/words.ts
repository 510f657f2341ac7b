import type { Bucket, Distinct, Histogram, Lengths } from "../../../bindings";
import { amount } from "../../../components/words";

/** A share in whole percent that says "all" and "none" only when it is so. */
export function percent(part: number, all: number): string {
  if (all === 0 || part === 0) return "0%";
  if (part === all) return "100%";
  return `${Math.max(1, Math.min(99, Math.round((part / all) * 100)))}%`;
}

export function filledWords(filled: number, rows: number): string {
  const missing = rows - filled;
  return missing === 0 ? "In every row" : `${percent(filled, rows)}, missing in ${amount(missing)}`;
}

/** An estimate is rounded to what it can tell. */
export function distinctWords({ count, exact }: Distinct): string {
  return exact ? amount(count) : `about ${amount(Number(count.toPrecision(2)))}`;
}

/** The two ends of a bucket. Lengths and whole numbers are counted, so the upper end is the last one in it. */
export function bucketWords({ from, to }: Bucket, whole: boolean): string {
  if (from === null || to === null) return "No number";
  if (!whole) return `${figure(from)} to ${figure(to)}`;
  const [first, last] = [Math.ceil(from), Math.ceil(to) - 1];
  return first >= last ? amount(first) : `${amount(first)} to ${amount(last)}`;
}

export function figure(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 4 });
}

export function lengthWords({ least, most, mean }: Lengths): string {
  if (least === most) return `${amount(least)} ${least === 1 ? "character" : "characters"}`;
  const usual = mean === null ? "" : `, ${amount(Math.round(mean))} on average`;
  return `${amount(least)} to ${amount(most)} characters${usual}`;
}

/** Whether there is anything to see: one bar alone tells no more than the figures do. */
export function spreads({ buckets }: Histogram): boolean {
  return buckets.filter(({ rows }) => rows > 0).length > 1;
}
