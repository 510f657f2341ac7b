import { Group, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import type { JsonValue } from "../../../bindings";
import { CopyIcon } from "../../../components/clipboard";
import { formatNumber } from "../../../format/numbers";
import { fullText } from "../values/cellText";
import { WholeValue } from "../values/WholeValue";
import css from "./RowGrid.module.css";

type Props = {
  row: number;
  line: number | null;
  column: string;
  value: JsonValue;
  copied: boolean;
  onCopy: () => void;
};

/** The selected value in full, with its place in the file. */
export function Inspector({ row, line, column, value, copied, onCopy }: Props) {
  const [raw, setRaw] = useState(false);
  const nested = typeof value === "object" && value !== null;
  const absent =
    value === null ? "This row has no value in this column." : value === "" ? "The value is empty." : null;
  return (
    <section className={css.inspector} aria-label="Selected value">
      <Group justify="space-between" wrap="nowrap" gap="xs" mb={4}>
        <Text size="xs" c="dimmed" truncate>
          <b>{column}</b> in row {formatNumber(row)}
          {line !== null && `, line ${formatNumber(line)} of the file`}
        </Text>
        <Group gap={4} wrap="nowrap">
          {nested && (
            <SegmentedControl
              size="xs"
              aria-label="How the value is shown"
              value={raw ? "json" : "read"}
              onChange={(shown) => setRaw(shown === "json")}
              data={[
                { value: "read", label: "Readable" },
                { value: "json", label: "JSON" },
              ]}
            />
          )}
          {absent === null && <CopyIcon what="value" copied={copied} onCopy={onCopy} />}
        </Group>
      </Group>
      {absent ? (
        <Text size="sm" className={css.absent}>
          {absent}
        </Text>
      ) : (
        // A scrollable element must be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <div className={`${css.value} selectable`} tabIndex={0} key={`${row} ${column}`}>
          {nested && raw ? <pre className={css.json}>{fullText(value)}</pre> : <WholeValue value={value} />}
        </div>
      )}
    </section>
  );
}
