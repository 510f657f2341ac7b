import { List, Text } from "@mantine/core";
import { columnOf, tableOf } from "../../api/tables";
import type { DeletionPlan } from "../../bindings";
import { formatNumber } from "../../format/numbers";
import { counted, inSentence } from "../../format/texts";

const NAMED = 3;

/** The rows that refer to the deleted ones, by table and column. */
export function Referrers({ plan }: { plan: DeletionPlan }) {
  return (
    <div>
      <Text size="sm" mb={4}>
        Referred to by:
      </Text>
      <List size="sm" spacing={4}>
        {plan.direct
          .filter(({ total }) => total > 0)
          .map(({ table: name, column, total, sample }) => {
            const table = tableOf(name);
            const named = sample.slice(0, NAMED).map(({ label }) => `“${label}”`);
            const more = total - named.length;
            return (
              <List.Item key={`${name} ${column}`}>
                {counted(total, table)}
                <Text span inherit c="dimmed">
                  {" "}
                  as {inSentence(columnOf(table, column)?.label ?? column)}: {named.join(", ")}
                  {more > 0 && ` and ${formatNumber(more)} more`}
                </Text>
              </List.Item>
            );
          })}
      </List>
    </div>
  );
}
