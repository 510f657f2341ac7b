import type { JsonValue } from "../../../bindings";
import { oneLine } from "../words";
import css from "./PreviewGrid.module.css";

/** A value on one line. What is not there is said in words, so that it can't be taken for a space. */
export function CellValue({ value }: { value: JsonValue }) {
  if (value === null) return <span className={css.absent}>missing</span>;
  if (value === "") return <span className={css.absent}>empty</span>;
  const text = oneLine(value);
  return (
    <span
      className={typeof value === "object" ? css.nested : undefined}
      title={text.length > 40 ? text : undefined}
    >
      {text}
    </span>
  );
}
