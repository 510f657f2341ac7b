import { Tooltip } from "@mantine/core";
import type { Histogram, ValueKind } from "../../../bindings";
import { formatNumber, formatSignificant } from "../../../format/numbers";
import { plural } from "../../../format/texts";
import { bucketText } from "./columnFigures";
import css from "./profile.module.css";

type Props = { histogram: Histogram; kind: ValueKind };

/** A histogram of a column's numbers, or of the lengths of its values. */
export function HistogramBars({ histogram: { of, buckets }, kind }: Props) {
  const whole = of === "lengths" || kind === "integer";
  const most = Math.max(1, ...buckets.map(({ rows }) => rows));
  const what = of === "lengths" ? "Length in characters" : "Value";
  const peak = buckets.find(({ rows }) => rows === most);
  const ends = [buckets[0]?.from ?? 0, buckets.at(-1)?.to ?? 0] as const;
  const endTexts = whole
    ? [formatNumber(Math.ceil(ends[0])), formatNumber(Math.ceil(ends[1]) - 1)]
    : ends.map(formatSignificant);
  const summary = `${what}, from ${endTexts[0]} to ${endTexts[1]}${
    peak ? `; most rows, ${formatNumber(most)}, have ${bucketText(peak, whole)}` : ""
  }.`;
  return (
    <figure className={css.histogram}>
      <figcaption>{what}</figcaption>
      <div className={css.bars} role="img" aria-label={summary}>
        {buckets.map((bucket) => (
          <Tooltip
            key={`${bucket.from}`}
            label={`${bucketText(bucket, whole)}: ${plural(bucket.rows, "row")}`}
            openDelay={100}
          >
            <span className={css.bar}>
              <span style={{ height: bucket.rows === 0 ? 0 : `max(2px, ${(bucket.rows / most) * 100}%)` }} />
            </span>
          </Tooltip>
        ))}
      </div>
      <div className={css.ends} aria-hidden>
        <span>{endTexts[0]}</span>
        <span>{endTexts[1]}</span>
      </div>
    </figure>
  );
}
