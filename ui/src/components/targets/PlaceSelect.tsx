import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useTargets } from "../../api/targets";

const HERE = "";

type Props = {
  label: string;
  /** The id of a target; null for this machine. */
  value: string | null;
  onChange: (target: string | null) => void;
  description?: ReactNode;
  error?: ReactNode;
  /** The field of a request that it fills. */
  field?: string;
};

/** This machine or a compute target. Nothing where there are no targets. */
export function PlaceSelect({ label, value, onChange, description, error, field }: Props) {
  const { data: targets } = useTargets();
  if (!targets?.length) return null;
  return (
    <Select
      label={label}
      data-field={field}
      description={description}
      error={error}
      data={[
        { value: HERE, label: "This machine" },
        ...targets.map(({ id, name, confirmed }) => ({
          value: id,
          label: confirmed ? name : `${name} (not confirmed)`,
          disabled: !confirmed,
        })),
      ]}
      value={value ?? HERE}
      onChange={(id) => onChange(id || null)}
      allowDeselect={false}
    />
  );
}
