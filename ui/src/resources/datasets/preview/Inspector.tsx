import { Group, Text } from "@mantine/core";
import type { JsonValue } from "../../../bindings";
import { Copy } from "../../../components/Copy";
import { amount } from "../../../components/words";
import { inFull } from "../words";
import css from "./PreviewGrid.module.css";

type Props = { row: number; line: number | null; column: string; value: JsonValue };

/** The selected value in full, with its place in the file. */
export function Inspector({ row, line, column, value }: Props) {
  const text = value === null ? "" : inFull(value);
  return (
    <section className={css.inspector} aria-label="Selected value">
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text size="xs" c="dimmed" truncate>
          <b>{column}</b> in row {amount(row)}
          {line !== null && `, line ${amount(line)} of the file`}
        </Text>
        {text !== "" && <Copy value={text} what="value" />}
      </Group>
      {text === "" ? (
        <Text size="sm" className={css.absent}>
          {value === null ? "This row has no such value." : "The value is empty."}
        </Text>
      ) : (
        // A scrolled box must be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <pre className={`${css.value} ${typeof value === "object" ? css.nested : ""}`} tabIndex={0}>
          {text}
        </pre>
      )}
    </section>
  );
}
