import { Text } from "@mantine/core";
import { tableOf } from "../../api/tables";
import type { LeftOut } from "../../bindings";
import { formatNumber } from "../../format/numbers";
import { capitalize } from "../../format/texts";

/** Lines shown at most. */
const most = 20;

/** What rows need and an archive does not hold, each with its reason. */
export function LeftOutList({ leftOut }: { leftOut: LeftOut[] }) {
  const missing = leftOut.filter(({ missing }) => missing);
  if (missing.length === 0) return null;
  return (
    <section aria-label="Not in the archive">
      <Text size="sm" fw={500} mb={4}>
        Not in the archive
      </Text>
      {missing.slice(0, most).map(({ table, id, label, column, location, reason }) => (
        <Text
          key={`${table} ${id} ${column} ${location}`}
          size="sm"
          className="selectable"
          style={{ overflowWrap: "anywhere" }}
        >
          {capitalize(tableOf(table).singular)} “{label}”: {location}.{" "}
          <Text span c="dimmed" inherit>
            {reason}
          </Text>
        </Text>
      ))}
      {missing.length > most && (
        <Text size="sm" c="dimmed">
          And {formatNumber(missing.length - most)} more.
        </Text>
      )}
    </section>
  );
}
