import type { Problem } from "../../../bindings";

export type ProblemKind = { kind: string; severity: Problem["severity"]; count: number };

/** The message without its numbers and without what follows a colon: the same for problems of one kind. */
export function kindOf({ message }: Problem): string {
  const [start = message] = message.split(": ");
  return start.replaceAll(/\d[\d,]*/g, "…").replace(/\.$/, "");
}

/** The kinds of problems with their counts: errors first, then by count. */
export function kindsOf(problems: Problem[]): ProblemKind[] {
  const kinds = new Map<string, Problem[]>();
  for (const problem of problems) {
    const kind = kindOf(problem);
    kinds.set(kind, [...(kinds.get(kind) ?? []), problem]);
  }
  return [...kinds]
    .map(([kind, alike]) => ({
      kind,
      severity: alike.some(({ severity }) => severity === "error")
        ? ("error" as const)
        : ("warning" as const),
      count: alike.length,
    }))
    .sort((a, b) => a.severity.localeCompare(b.severity) || b.count - a.count);
}
