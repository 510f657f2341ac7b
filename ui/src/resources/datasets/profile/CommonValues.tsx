import type { Commonest } from "../../../bindings";
import { formatNumber, formatPart } from "../../../format/numbers";
import { oneLine } from "../values/cellText";
import css from "./profile.module.css";

type Props = { commonest: Commonest; rows: number };

/** The most frequent values, with their part of the filled rows. */
export function CommonValues({ commonest: { values, exact }, rows }: Props) {
  return (
    <div className={css.common}>
      <div className={css.caption}>{exact ? "Most frequent" : "Most frequent of the first values"}</div>
      <ol aria-label="Most frequent values">
        {values.map(({ value, rows: count }) => (
          <li key={value} title={value}>
            <span
              className={css.share}
              style={{ width: `${rows > 0 ? (count / rows) * 100 : 0}%` }}
              aria-hidden
            />
            <span className={css.value}>{value === "" ? <i>empty</i> : oneLine(value)}</span>
            <span className={css.count}>
              {formatNumber(count)} ({formatPart(count, rows)})
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
