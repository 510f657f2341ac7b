import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { toAppError } from "../../api/errors";
import { useStoreChanged } from "../../api/store";
import type { AppError, FieldProblem, Run } from "../../bindings";
import { isFocusLost } from "../../components/focus";

type Options = {
  /** Problems of values that the page cannot read, such as a number that is none. */
  own: FieldProblem[];
  plan: { problems: FieldProblem[]; warnings: FieldProblem[] } | undefined;
  /** Whether the plan, or the failure to make one, is of what is on screen. */
  current: boolean;
  /** Whether the plan was made for another value of a field. */
  stale: (column: string) => boolean;
  /** Why there is no plan. */
  failed: AppError | null;
  start: () => Promise<Run>;
  label: (column: string) => string;
};

/** Starts a run from a start page, and shows what prevents it. All values stay when a start is refused. */
export function useStarting({ own, plan, current, stale, failed, start: startRun, label }: Options) {
  const go = useNavigate();
  const changed = useStoreChanged();
  const [attempted, setAttempted] = useState(false);
  /** A start that waits for the plan of what is on screen. */
  const [waiting, setWaiting] = useState(false);
  const [starting, setStarting] = useState(false);
  const [refused, setRefused] = useState<AppError | null>(null);
  const error = refused ?? failed;

  // After a navigation by keyboard nothing has the focus.
  useEffect(() => {
    if (isFocusLost()) focusField("base_model_id");
  }, []);

  const unreadable = own.map(({ column }) => column);
  // The plan leaves out unreadable fields, so its problems with them do not apply.
  const planned = [...(error?.fields ?? []), ...(plan?.problems ?? [])].filter(
    ({ column }) => !unreadable.includes(column),
  );
  const problems = [...own, ...unique(planned)];

  const startNow = async () => {
    if (!plan || problems.length > 0) return focusField(problems[0]?.column);
    setStarting(true);
    try {
      const run = await startRun();
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: starts once, when the plan becomes current
  useEffect(() => {
    if (!waiting || !current) return;
    setWaiting(false);
    void startNow();
  }, [waiting, current]);

  const start = () => {
    setAttempted(true);
    if (starting) return;
    if (own.length > 0) focusField(own[0]?.column);
    else setWaiting(true);
  };

  return {
    problems,
    /** The problems for a list away from the fields: those of the page get the label of their field. */
    against: problems.map((problem) =>
      own.includes(problem)
        ? { ...problem, message: `${label(problem.column)}: ${problem.message}` }
        : problem,
    ),
    warnings: plan?.warnings ?? [],
    starting: starting || waiting,
    ready: plan !== undefined,
    /** A refusal that concerns no field. */
    refusal:
      error && error.fields.length === 0 ? [error.message, error.hint].filter(Boolean).join(" ") : null,
    start,
    /** Call on every change by the user: it drops the last refusal and a start that waits. */
    touch: () => {
      setRefused(null);
      setWaiting(false);
    },
    /** The problem of a field that was filled in. Empty fields show theirs after the first attempt to start. */
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
