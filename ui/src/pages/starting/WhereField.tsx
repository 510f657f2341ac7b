import { Select, Text } from "@mantine/core";
import type { Starting } from "./useStarting";
import type { Where } from "./useWhere";

const HERE = "";

/** This machine or a target. Nothing where there are no targets. */
export function WhereField({ where, starting }: { where: Where; starting: Starting }) {
  if (where.targets.length === 0) return null;
  const error = starting.problem("target", true);
  const warning = error ? undefined : starting.warning("target");
  return (
    <Select
      label="Runs on"
      data-field="target"
      description={
        warning && (
          <Text span inherit c="var(--warning)">
            {warning}
          </Text>
        )
      }
      error={error}
      data={[
        { value: HERE, label: "This machine" },
        ...where.targets.map(({ id, name, confirmed }) => ({
          value: id,
          label: confirmed ? name : `${name} (not confirmed)`,
          disabled: !confirmed,
        })),
      ]}
      value={where.target ?? HERE}
      onChange={(id) => where.choose(id || null)}
      allowDeselect={false}
    />
  );
}
