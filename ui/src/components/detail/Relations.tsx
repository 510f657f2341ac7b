import { Text } from "@mantine/core";
import { useUsedBy } from "../../api/store";
import { columnOf, tableOf } from "../../api/tables";
import type { Listed, Table, TableName, Use } from "../../bindings";
import { capitalize, counted } from "../../format/texts";
import { Facts } from "../Facts";
import { RowLink } from "../RowLink";
import { Value } from "../values/Value";
import css from "./Detail.module.css";

/** The rows that a row refers to, by column. */
export function Uses({ table, listed }: { table: Table; listed: Listed }) {
  const references = table.columns.filter(
    ({ name, kind }) => kind.is === "reference" && listed.row[name] != null,
  );
  return (
    <Facts
      aligned
      facts={references.map((column) => ({
        name: column.name,
        label: column.label,
        value: <Value listed={listed} column={column} />,
      }))}
    />
  );
}

export function UsedBy({ table, id }: { table: TableName; id: string }) {
  const { data: uses } = useUsedBy(table, id);
  if (!uses) return null;
  if (uses.every(({ total }) => total === 0)) {
    return (
      <Text size="sm" c="dimmed">
        Nothing refers to this {tableOf(table).singular}.
      </Text>
    );
  }
  return (
    <ul className={css.relations}>
      {uses.map((use) => (
        <UseRows key={`${use.table} ${use.column}`} use={use} />
      ))}
    </ul>
  );
}

function UseRows({ use }: { use: Use }) {
  const table = tableOf(use.table);
  const more = use.total - use.sample.length;
  return (
    <>
      {use.sample.map(({ id, label }) => (
        <li key={id}>
          <RowLink table={use.table} id={id} truncate inherit>
            {label}
          </RowLink>
          <span title={columnOf(table, use.column)?.label}>{capitalize(table.singular)}</span>
        </li>
      ))}
      {more > 0 && (
        <li>
          <span>and {counted(more, table)} more</span>
        </li>
      )}
    </>
  );
}
