import { Text } from "@mantine/core";
import type { CommonProps } from "../../components/form/Field";
import type { FormValues } from "../../components/form/values";
import type { Starting } from "./useStarting";

type Page = {
  values: FormValues;
  set: (column: string, text: string) => void;
  label: (column: string) => string;
  problem: (column: string) => string | undefined;
  starting: Starting;
};

/** The common properties of a field: label, value, problem and warning. */
export function fieldProps(page: Page, column: string, label = page.label(column)): CommonProps {
  const problem = page.problem(column);
  const warning = problem ? undefined : page.starting.warning(column);
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
