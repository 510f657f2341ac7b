import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { applies, idOf } from "../../api/tables";
import type { Column, Listed, Table } from "../../bindings";
import { CopyButton } from "../clipboard";
import { type Fact, Facts } from "../Facts";
import { Time } from "../Time";
import { listedTexts, Value } from "../values/Value";
import css from "./Detail.module.css";

const long = ["code", "template", "long_text"];

/** The columns of a row with their values. Columns of the form are shown even if they are empty. */
export function Fields({ table, listed }: { table: Table; listed: Listed }) {
  const { row, created_at, changed_at } = listed;
  const columns = table.columns.filter(
    (column) =>
      !["id", "reference"].includes(column.kind.is) &&
      (row[column.name] != null || (column.in_form && applies(column, row))),
  );
  return (
    <Facts
      aligned
      facts={[
        ...columns.map((column) => columnFact(column, listed)),
        { name: "Created", value: created_at && <Time value={created_at} /> },
        { name: "Changed", value: changed_at && changed_at !== created_at && <Time value={changed_at} /> },
        { name: "Identifier", value: <Identifier id={idOf(listed)} /> },
      ]}
    />
  );
}

function columnFact(column: Column, listed: Listed): Fact {
  const value = listed.row[column.name];
  const wide =
    long.includes(column.kind.is) && typeof value === "string" && value !== "" && !listedTexts(value);
  return { name: column.name, label: column.label, wide, value: content(column, listed, wide) };
}

function content(column: Column, listed: Listed, wide: boolean): ReactNode {
  const value = listed.row[column.name];
  if (wide && column.kind.is !== "long_text") {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard
      <pre className={css.text} tabIndex={0}>
        {String(value)}
      </pre>
    );
  }
  if (value == null || value === "") {
    return (
      <Text inherit c="dimmed" component="span">
        Not set
      </Text>
    );
  }
  return <Value listed={listed} column={column} />;
}

function Identifier({ id }: { id: string }) {
  return (
    <span className={css.id}>
      <Text inherit truncate title={id}>
        {id}
      </Text>
      <CopyButton value={id} what="identifier" />
    </span>
  );
}
