// What an answer consists of: its reasoning, its text, and the calls of tools in it.
export type ToolCall = { name: string; arguments: Record<string, unknown> };

export type Part =
  | { kind: "reasoning"; text: string; open: boolean }
  | { kind: "text"; text: string }
  | { kind: "call"; call: ToolCall };

const THINK = "<think>";
const THOUGHT = "</think>";
const CALL = /<tool_call>\s*([\s\S]*?)\s*<\/tool_call>/g;

/** Whether a prompt ends within the reasoning, so that the answer does not begin it itself. */
export const opensReasoning = (prompt: string | null) => prompt?.trimEnd().endsWith(THINK) === true;

/** The parts of an answer, in order. Blank texts between them are left out. */
export function answerParts(text: string, prompt: string | null = null): Part[] {
  const [reasoning, rest] = parted(text, prompt);
  return [...(reasoning ? [reasoning] : []), ...saidParts(rest)];
}

/** The reasoning that an answer begins with, and what follows it. */
function parted(text: string, prompt: string | null): [Part | null, string] {
  const start = text.trimStart();
  const begins = start.startsWith(THINK);
  const end = text.indexOf(THOUGHT);
  // Some templates open the reasoning in the prompt.
  if (!begins && end < 0 && !opensReasoning(prompt)) return [null, text];
  if (!begins && text.slice(0, Math.max(end, 0)).includes(THINK)) return [null, text];
  const from = begins ? text.length - start.length + THINK.length : 0;
  const thought = text.slice(from, end < 0 ? undefined : end).trim();
  const rest = end < 0 ? "" : text.slice(end + THOUGHT.length);
  return [thought === "" ? null : { kind: "reasoning", text: thought, open: end < 0 }, rest];
}

function saidParts(text: string): Part[] {
  const whole = callsIn(text);
  if (whole) return whole.map((call) => ({ kind: "call", call }));
  const parts: Part[] = [];
  const say = (said: string) => {
    if (said.trim() !== "") parts.push({ kind: "text", text: said });
  };
  let from = 0;
  for (const found of text.matchAll(CALL)) {
    const calls = callsIn(found[1] ?? "");
    if (!calls) continue;
    say(text.slice(from, found.index));
    parts.push(...calls.map((call): Part => ({ kind: "call", call })));
    from = found.index + found[0].length;
  }
  say(text.slice(from));
  return parts;
}

/** The calls that a JSON text is: one, or a list of them. */
function callsIn(text: string): ToolCall[] | null {
  const start = text.trimStart()[0];
  if (start !== "{" && start !== "[") return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const calls = (Array.isArray(value) ? value : [value]).map(callOf);
  return calls.length > 0 && calls.every((call) => call !== null) ? calls : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `{"name", "arguments"}`, where some models write `parameters`, and OpenAI puts both under `function`. */
export function callOf(value: unknown): ToolCall | null {
  if (!isObject(value)) return null;
  const { name, arguments: own, parameters } = isObject(value.function) ? value.function : value;
  let given = own ?? parameters;
  if (typeof given === "string") {
    try {
      given = JSON.parse(given);
    } catch {
      return null;
    }
  }
  return typeof name === "string" && isObject(given) ? { name, arguments: given } : null;
}

export const callsOf = (parts: Part[]): ToolCall[] =>
  parts.flatMap((part) => (part.kind === "call" ? [part.call] : []));
