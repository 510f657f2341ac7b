import { Link } from "@tanstack/react-router";
import { tableOf } from "../../api/tables";
import type { Workspace } from "../../bindings";
import { icons } from "../../bindings/icons";
import { formatNumber } from "../../format/numbers";
import css from "./Home.module.css";

/** The number of rows of each table, with a link. */
export function Counts({ counts }: Pick<Workspace, "counts">) {
  return (
    <ul className={css.counts} aria-label="Counts">
      {counts.map(({ table, rows }) => {
        const Icon = icons[table];
        const { title } = tableOf(table);
        return (
          <li key={table}>
            <Link to="/$table" params={{ table }} className={css.count}>
              <span className={css.kind}>
                <Icon size={16} stroke={1.6} aria-hidden />
                {title}
              </span>{" "}
              <span className={css.figure}>{formatNumber(rows)}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
