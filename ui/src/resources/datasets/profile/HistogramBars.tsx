import { Tooltip } from "@mantine/core";
import type { Histogram, ValueKind } from "../../../bindings";
import { amount } from "../../../components/words";
import { countedRows } from "../words";
import css from "./profile.module.css";
import { bucketWords, figure } from "./words";

type Props = { histogram: Histogram; kind: ValueKind };

/** How the numbers of a column, or the lengths of its values, are spread. */
export function HistogramBars({ histogram: { of, buckets }, kind }: Props) {
  const whole = of === "lengths" || kind === "integer";
  const most = Math.max(1, ...buckets.map(({ rows }) => rows));
  const what = of === "lengths" ? "Length in characters" : "Value";
  const peak = buckets.find(({ rows }) => rows === most);
  const ends = [buckets[0]?.from ?? 0, buckets.at(-1)?.to ?? 0] as const;
  const told = whole ? [amount(Math.ceil(ends[0])), amount(Math.ceil(ends[1]) - 1)] : ends.map(figure);
  const summary = `${what}, from ${told[0]} to ${told[1]}${
    peak ? `; most rows, ${amount(most)}, have ${bucketWords(peak, whole)}` : ""
  }.`;
  return (
    <figure className={css.histogram}>
      <figcaption>{what}</figcaption>
      <div className={css.bars} role="img" aria-label={summary}>
        {buckets.map((bucket) => (
          <Tooltip
            key={`${bucket.from}`}
            label={`${bucketWords(bucket, whole)}: ${countedRows(bucket.rows)}`}
            openDelay={100}
          >
            <span className={css.bar}>
              <span style={{ height: bucket.rows === 0 ? 0 : `max(2px, ${(bucket.rows / most) * 100}%)` }} />
            </span>
          </Tooltip>
        ))}
      </div>
      <div className={css.ends} aria-hidden>
        <span>{told[0]}</span>
        <span>{told[1]}</span>
      </div>
    </figure>
  );
}
