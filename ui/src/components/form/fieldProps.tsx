import { Text } from "@mantine/core";
import type { CommonProps } from "./Field";
import type { FormValues } from "./values";

/** The fields of a page, by their names. */
export type PageFields = {
  values: FormValues;
  set: (column: string, text: string) => void;
  label: (column: string) => string;
  problem: (column: string) => string | undefined;
  warning: (column: string) => string | undefined;
};

/** The common properties of a field: label, value, problem and warning. */
export function fieldProps(page: PageFields, column: string, label = page.label(column)): CommonProps {
  const problem = page.problem(column);
  const warning = problem ? undefined : page.warning(column);
  return {
    label,
    description: warning && (
      <Text span inherit c="var(--warning)">
        {warning}
      </Text>
    ),
    required: false,
    value: page.values[column] ?? "",
    onChange: (next: unknown) => page.set(column, textOf(next)),
    error: problem,
    "data-field": column,
  } as CommonProps;
}

/** The new value: fields pass it as text or as an event. */
function textOf(next: unknown): string {
  if (typeof next === "string") return next;
  return (next as { currentTarget: { value: string } }).currentTarget.value;
}
