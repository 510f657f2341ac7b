import type { Problem, Shape } from "../../../bindings";

/** What a person calls the shape of a dataset's rows. */
export const shapeWords: Record<Shape, string> = {
  alpaca: "Instruction and output (Alpaca)",
  sharegpt: "Conversations (ShareGPT)",
  chat: "Chat messages",
  prompt_completion: "Prompt and completion",
  text: "Text",
  preference: "Preference",
  columns: "Plain columns",
};

/** What a conversion is called, given the shape the rows have. */
export function conversionWords(to: Shape, from: Shape): string {
  return to === from ? "The same rows in another format" : `To ${uncapitalised(shapeWords[to])}`;
}

const uncapitalised = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** What problems have in common: the message, whichever numbers and places it names. */
export function kindOf({ message }: Problem): string {
  const [said = message] = message.split(": ");
  return said.replaceAll(/\d[\d,]*/g, "…").replace(/\.$/, "");
}

/** The problems by kind, those that have to be mended first, then the commonest. */
export function kindsOf(
  problems: Problem[],
): { kind: string; severity: Problem["severity"]; count: number }[] {
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
