import { Textarea, TextInput } from "@mantine/core";
import type { PageFields } from "../../components/form/fieldProps";

/** The name that the result has where it is registered or served. */
export function ModelNameField({
  label,
  field,
  name,
  change,
  page,
}: {
  label: string;
  /** As problems of the plan name it. */
  field: string;
  name: string;
  change: (settings: { name: string }) => void;
  page: PageFields;
}) {
  return (
    <TextInput
      label={label}
      data-field={field}
      autoComplete="off"
      spellCheck={false}
      value={name}
      error={page.problem(field)}
      onChange={({ currentTarget }) => change({ name: currentTarget.value })}
    />
  );
}

/** What the result is, for people. */
export function DescriptionField({
  description,
  change,
}: {
  description: string | null | undefined;
  change: (settings: { description: string | null }) => void;
}) {
  return (
    <Textarea
      mt={10}
      label="Description"
      data-field="description"
      autosize
      minRows={2}
      maxRows={6}
      value={description ?? ""}
      onChange={({ currentTarget }) => change({ description: currentTarget.value || null })}
    />
  );
}
