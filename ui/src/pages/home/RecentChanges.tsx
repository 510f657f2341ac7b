import { Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { listOptions } from "../../api/store";
import { idOf, tableOf } from "../../api/tables";
import type { ListQuery, Workspace } from "../../bindings";
import { icons } from "../../bindings/icons";
import { Panel } from "../../components/Panel";
import { Time } from "../../components/Time";
import css from "./Home.module.css";

const shown = 10;
const latest: ListQuery = {
  search: null,
  sort: { column: "changed_at", descending: true },
  filters: [],
  offset: 0,
  limit: shown,
};

/** The rows of all tables that were changed last. Rows from other programs have no times and are left out. */
export function RecentChanges({ counts }: Pick<Workspace, "counts">) {
  const tables = counts.filter(({ rows }) => rows > 0).map(({ table }) => table);
  const lists = useQueries({ queries: tables.map((table) => listOptions(table, latest)) });
  const changes = tables
    .flatMap((table, at) => (lists[at]?.data?.rows ?? []).map((row) => ({ table, row })))
    .filter(({ row }) => row.changed_at !== null)
    .sort((a, b) => (b.row.changed_at ?? "").localeCompare(a.row.changed_at ?? ""))
    .slice(0, shown);
  const loading = lists.some(({ isPending }) => isPending);

  return (
    <Panel title="Changed last">
      {changes.length === 0 && !loading && (
        <Text size="sm" c="dimmed">
          Rows that you add or change are listed here.
        </Text>
      )}
      <ul className={css.list}>
        {changes.map(({ table, row }) => {
          const Icon = icons[table];
          return (
            <li key={`${table} ${idOf(row)}`}>
              <Link to="/$table" params={{ table }} search={{ id: idOf(row) }} className={css.change}>
                <Icon size={17} stroke={1.6} aria-hidden />
                <span className={css.name}>{row.label}</span>
                <span className={css.note}>{tableOf(table).singular}</span>
                <span className={`${css.note} ${css.last}`}>
                  <Time value={row.changed_at} />
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
