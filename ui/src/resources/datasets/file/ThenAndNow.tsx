import type { FileFacts } from "../../../bindings";
import { formatBytes, formatNumber } from "../../../format/numbers";
import { formatTime } from "../../../format/times";
import css from "./FileBanner.module.css";

type Props = { then: FileFacts | null; now: FileFacts | null };

/** The facts of a file at its last reading, beside the current ones. */
export function ThenAndNow({ then, now }: Props) {
  if (!then) return null;
  const rows = [
    { name: "Size", was: formatBytes(then.bytes), is: now && sizeNow(then, now) },
    {
      name: "Written",
      was: formatTime(new Date(then.modified)),
      is: now && formatTime(new Date(now.modified)),
    },
    {
      name: "Rows",
      was: then.rows === null ? "Not counted" : formatNumber(then.rows),
      is: now && (now.rows === null ? "Not counted" : formatNumber(now.rows)),
    },
  ];
  return (
    <table className={css.facts}>
      <thead>
        <tr>
          <td />
          <th scope="col">When it was read</th>
          {now && <th scope="col">Now</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.name}</th>
            <td>{row.was}</td>
            {now && <td>{row.is}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sizeNow(then: FileFacts, now: FileFacts): string {
  const more = now.bytes - then.bytes;
  if (more === 0) return formatBytes(now.bytes);
  return `${formatBytes(now.bytes)}, ${formatBytes(Math.abs(more))} ${more > 0 ? "more" : "less"}`;
}
