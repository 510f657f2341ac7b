import { Radio, Stack } from "@mantine/core";
import type { PageFields } from "../../components/form/fieldProps";

type Props<Part extends string> = {
  page: PageFields;
  /** The field of the request. */
  name: string;
  label: string;
  parts: { value: Part; label: string; about: string }[];
  value: Part;
  onChange: (part: Part) => void;
};

/** Whether an adapter is written alone or merged into its base model. */
export function PartChoice<Part extends string>({ page, name, label, parts, value, onChange }: Props<Part>) {
  return (
    <Radio.Group
      label={label}
      value={value}
      onChange={(part) => onChange(part as Part)}
      error={page.problem(name)}
      data-field={name}
      mb={12}
    >
      <Stack gap={6} mt={4}>
        {parts.map((part) => (
          <Radio key={part.value} size="xs" value={part.value} label={part.label} description={part.about} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
