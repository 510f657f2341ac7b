import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { toAppError } from "../../api/errors";
import { useStoreChanged } from "../../api/store";
import type { AppError, FieldProblem, Run } from "../../bindings";
import { isFocusLost } from "../../components/focus";

type Asked = {
  /** What the page itself can't read. */
  own: FieldProblem[];
  plan: { problems: FieldProblem[]; warnings: FieldProblem[] } | undefined;
  /** Whether the plan is of another value than a field has now. */
  stale: (column: string) => boolean;
  /** Why there is no plan. */
  failed: AppError | null;
  start: () => Promise<Run>;
  /** What a field is called. */
  label: (column: string) => string;
};

/** What stands against a start, by field, and the start itself. What was typed stays when it is refused. */
export function useStarting({ own, plan, stale, failed, start: begin, label }: Asked) {
  const go = useNavigate();
  const changed = useStoreChanged();
  const [attempted, setAttempted] = useState(false);
  const [starting, setStarting] = useState(false);
  const [refused, setRefused] = useState<AppError | null>(null);
  const error = refused ?? failed;

  // Whoever came by keyboard goes on where the page begins, not before its navigation.
  useEffect(() => {
    if (isFocusLost()) focusField("base_model_id");
  }, []);

  const unread = own.map(({ column }) => column);
  // The plan is of the fields that can be read: what it says of others is old.
  const told = [...(error?.fields ?? []), ...(plan?.problems ?? [])].filter(
    ({ column }) => !unread.includes(column),
  );
  const problems = [...own, ...unique(told)];

  const start = async () => {
    setAttempted(true);
    if (starting || !plan || problems.length > 0) return focusField(problems[0]?.column);
    setStarting(true);
    try {
      const run = await begin();
      await changed();
      await go({ to: "/runs/$id", params: { id: run.id } });
    } catch (thrown) {
      const error = toAppError(thrown);
      setRefused(error);
      focusField(error.fields[0]?.column);
    } finally {
      setStarting(false);
    }
  };

  return {
    problems,
    /** The same where they stand apart from their fields. */
    against: problems.map((problem) =>
      own.includes(problem)
        ? { ...problem, message: `${label(problem.column)}: ${problem.message}` }
        : problem,
    ),
    warnings: plan?.warnings ?? [],
    starting,
    ready: plan !== undefined,
    /** A refusal that stands beside no field. */
    refusal:
      error && error.fields.length === 0 ? [error.message, error.hint].filter(Boolean).join(" ") : null,
    start,
    /** What was refused may hold no longer once something is changed. */
    touch: () => setRefused(null),
    /** What is wrong with a field, once it was filled or a start was tried: an untouched page is not red. */
    problem: (column: string, filled: boolean) => {
      const known = stale(column) ? [...own, ...(refused?.fields ?? [])] : problems;
      return filled || attempted ? known.find((problem) => problem.column === column)?.message : undefined;
    },
    warning: (column: string) => plan?.warnings.find((warning) => warning.column === column)?.message,
  };
}

export type Starting = ReturnType<typeof useStarting>;

function unique(problems: FieldProblem[]): FieldProblem[] {
  const key = ({ column, message }: FieldProblem) => `${column} ${message}`;
  return [...new Map(problems.map((problem) => [key(problem), problem])).values()];
}

export function focusField(column: string | undefined): void {
  if (column) document.querySelector<HTMLElement>(`[data-field="${column}"]`)?.focus();
}
