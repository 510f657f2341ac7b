import type { JsonValue } from "../../../bindings";
import { oneLine } from "../values/cellText";
import { firstWords, summary } from "../values/nested";
import css from "./RowGrid.module.css";

/** A value on one line. Missing and empty values are written as words, to distinguish them from spaces. */
export function CellValue({ value }: { value: JsonValue }) {
  if (value === null) return <span className={css.absent}>missing</span>;
  if (value === "") return <span className={css.absent}>empty</span>;
  if (typeof value === "object") {
    return (
      <>
        <span className={css.summary}>{summary(value)}</span>
        <span className={css.opening}>{oneLine(firstWords(value))}</span>
      </>
    );
  }
  const text = oneLine(value);
  return <span title={text.length > 40 ? text : undefined}>{text}</span>;
}
