// The figures of a column's profile as text.
import type { Bucket, Distinct, Histogram, Lengths } from "../../../bindings";
import { formatNumber, formatPart, formatSignificant } from "../../../format/numbers";
import { plural } from "../../../format/texts";

export function filledText(filled: number, rows: number): string {
  const missing = rows - filled;
  return missing === 0 ? "In every row" : `${formatPart(filled, rows)}, missing in ${formatNumber(missing)}`;
}

/** An estimated count is rounded to two digits, which is its precision. */
export function distinctText({ count, exact }: Distinct): string {
  return exact ? formatNumber(count) : `about ${formatNumber(Number(count.toPrecision(2)))}`;
}

/** The ends of a bucket. For whole numbers the upper end is the last number in the bucket. */
export function bucketText({ from, to }: Bucket, whole: boolean): string {
  if (from === null || to === null) return "No number";
  if (!whole) return `${formatSignificant(from)} to ${formatSignificant(to)}`;
  const [first, last] = [Math.ceil(from), Math.ceil(to) - 1];
  return first >= last ? formatNumber(first) : `${formatNumber(first)} to ${formatNumber(last)}`;
}

export function lengthText({ least, most, mean }: Lengths): string {
  if (least === most) return plural(least, "character");
  const average = mean === null ? "" : `, ${formatNumber(Math.round(mean))} on average`;
  return `${formatNumber(least)} to ${formatNumber(most)} characters${average}`;
}

/** Whether a histogram shows more than one bar. */
export function hasSpread({ buckets }: Histogram): boolean {
  return buckets.filter(({ rows }) => rows > 0).length > 1;
}
