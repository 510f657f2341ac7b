import { Text } from "@mantine/core";
import { applies, idOf } from "../../api/tables";
import type { Column, Listed, Table } from "../../bindings";
import { Copy } from "../Copy";
import { Time } from "../Time";
import { listedTexts, Value } from "../values/Value";
import css from "./DetailPanel.module.css";

const long = ["code", "template", "long_text"];

/** The row in the reader's words. What a person could fill is shown even when it is empty. */
export function Fields({ table, listed }: { table: Table; listed: Listed }) {
  const shown = table.columns.filter(
    (column) =>
      !["id", "reference"].includes(column.kind.is) &&
      (listed.row[column.name] != null || (column.in_form && applies(column, listed.row))),
  );
  return (
    <dl className={css.fields}>
      {shown.map((column) => (
        <Field key={column.name} column={column} listed={listed} />
      ))}
      {listed.created_at && (
        <>
          <dt>Created</dt>
          <dd>
            <Time value={listed.created_at} />
          </dd>
        </>
      )}
      {listed.changed_at && listed.changed_at !== listed.created_at && (
        <>
          <dt>Changed</dt>
          <dd>
            <Time value={listed.changed_at} />
          </dd>
        </>
      )}
      <dt>Identifier</dt>
      <dd>
        <span className={css.id}>
          <Text inherit truncate className="selectable" title={idOf(listed)}>
            {idOf(listed)}
          </Text>
          <Copy value={idOf(listed)} what="identifier" />
        </span>
      </dd>
    </dl>
  );
}

function Field({ column, listed }: { column: Column; listed: Listed }) {
  const value = listed.row[column.name];
  const block =
    long.includes(column.kind.is) && typeof value === "string" && value !== "" && !listedTexts(value);
  return (
    <>
      <dt className={block ? css.wide : undefined}>{column.label}</dt>
      <dd className={block ? css.wide : undefined}>
        {block && column.kind.is !== "long_text" ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard
          <pre className={css.text} tabIndex={0}>
            {value}
          </pre>
        ) : value == null || value === "" ? (
          <Text inherit c="dimmed" component="span">
            Not set
          </Text>
        ) : (
          <Value listed={listed} column={column} />
        )}
      </dd>
    </>
  );
}
