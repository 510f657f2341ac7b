import type { Commonest } from "../../../bindings";
import { amount } from "../../../components/words";
import { oneLine } from "../words";
import css from "./profile.module.css";
import { percent } from "./words";

type Props = { commonest: Commonest; rows: number };

/** The values that occur most, with their share of the rows that have one. */
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
              {amount(count)} ({percent(count, rows)})
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
