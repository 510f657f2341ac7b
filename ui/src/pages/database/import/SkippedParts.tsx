import { Text } from "@mantine/core";
import type { Skipped } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";

const named = 12;

/** Parts of a file that are skipped, each with its reason. No row is lost with them. */
export function SkippedParts({ skipped }: { skipped: Skipped[] }) {
  if (skipped.length === 0) return null;
  const more = skipped.length - named;
  return (
    <section aria-label="Skipped">
      <Text size="sm" c="dimmed">
        Skipped:
      </Text>
      {skipped.slice(0, named).map(({ name, reason }) => (
        <Text key={`${name} ${reason}`} size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {name}: {reason}
        </Text>
      ))}
      {more > 0 && (
        <Text size="sm" c="dimmed">
          And {formatNumber(more)} more.
        </Text>
      )}
    </section>
  );
}
