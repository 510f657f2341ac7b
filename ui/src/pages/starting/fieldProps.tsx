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

/** What every field of a column has: its words, its value, and what stands against it. */
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

/** Fields tell what was typed as text or as the event of it. */
function textOf(next: unknown): string {
  if (typeof next === "string") return next;
  return (next as { currentTarget: { value: string } }).currentTarget.value;
}
