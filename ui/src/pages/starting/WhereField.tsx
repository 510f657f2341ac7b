import { Select } from "@mantine/core";
import type { Where } from "./useWhere";

const HERE = "";

/** This machine or a target. Nothing where there are no targets. */
export function WhereField({ where, error }: { where: Where; error?: string }) {
  if (where.targets.length === 0) return null;
  return (
    <Select
      label="Runs on"
      data-field="target"
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
