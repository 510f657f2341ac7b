import type { JsonValue } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import { isObject, summary } from "./nested";
import css from "./values.module.css";

/** Items shown of one list; the rest is counted. */
const most = 200;
/** Levels that are indented. Deeper values are shown as JSON text. */
const deepest = 12;
/** Levels that are open at first. */
const open = 3;

/** A list or an object as an indented tree whose branches can be closed. */
export function Tree({ value, depth = 0 }: { value: JsonValue; depth?: number }) {
  if (!isBranch(value) || depth > deepest) return <Leaf value={value} />;
  const entries = Array.isArray(value)
    ? value.slice(0, most).map((item, at) => [String(at + 1), item] as const)
    : Object.entries(value).slice(0, most);
  const left = (Array.isArray(value) ? value.length : Object.keys(value).length) - entries.length;
  return (
    <ul className={css.tree}>
      {entries.map(([name, item]) => (
        <li key={name}>
          {isBranch(item) ? (
            <details open={depth < open}>
              <summary>
                <span className={css.key}>{name}</span> <span className={css.count}>{summary(item)}</span>
              </summary>
              <Tree value={item} depth={depth + 1} />
            </details>
          ) : (
            <div className={css.leaf}>
              <span className={css.key}>{name}</span> <Leaf value={item} />
            </div>
          )}
        </li>
      ))}
      {left > 0 && <li className={css.more}>and {formatNumber(left)} more</li>}
    </ul>
  );
}

function Leaf({ value }: { value: JsonValue }) {
  if (value === null) return <span className={css.absent}>null</span>;
  if (value === "") return <span className={css.absent}>empty</span>;
  if (typeof value === "string") return <span className={css.text}>{value}</span>;
  return <span className={css.figure}>{JSON.stringify(value)}</span>;
}

function isBranch(value: JsonValue): value is JsonValue[] | { [key: string]: JsonValue } {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}
