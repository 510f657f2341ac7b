// Conversations as the messages that chat templates and datasets know.
import type { Row, TrialConversation } from "../../../bindings";
import { answerParts, callOf, callsOf, opensReasoning } from "./answerParts";
import { type Answer, type Step, type Turn, tookPart, writtenAnswer } from "./conversation";

type Message = TrialConversation["messages"][number];

/** The messages that a model has read and written, up to what is awaited of it. */
export function messagesOf(turns: Turn[], target: string, system: string): Message[] {
  const messages: Message[] = system.trim() === "" ? [] : [{ role: "system", content: system }];
  turns.forEach((turn, at) => {
    const steps = turn.steps[target];
    const isLast = at === turns.length - 1;
    if (!tookPart(steps) && !(isLast && steps)) return;
    if (turn.text !== null) messages.push({ role: "user", content: turn.text });
    messages.push(...stepMessages(steps, turn.id));
  });
  return messages;
}

function stepMessages(steps: Step[], turn: string): Message[] {
  let calls: { id: string; name: string }[] = [];
  return steps.flatMap((step, at): Message[] => {
    if (step.kind === "tool") {
      const place = calls.findIndex(({ name }) => name === step.name);
      const [call] = place < 0 ? [] : calls.splice(place, 1);
      return [{ role: "tool", content: step.text, name: step.name, ...(call && { tool_call_id: call.id }) }];
    }
    const isAwaited = at === steps.length - 1 && !step.done;
    if (isAwaited || step.problem) return [];
    const message = answerMessage(step, `${turn}${at}`);
    calls = message.calls;
    return [message.message];
  });
}

/** An answer with its reasoning in the text as it was written, and with its calls of tools apart. */
function answerMessage(answer: Answer, key: string) {
  const opened = !answer.written && opensReasoning(answer.prompt) ? "<think>\n" : "";
  const parts = answerParts(answer.text, answer.prompt);
  const calls = callsOf(parts).map((call, at) => ({ id: callId(`${key}${at}`), ...call }));
  if (calls.length === 0)
    return { message: { role: "assistant", content: opened + answer.text } as Message, calls };
  const said = parts.map((part) => {
    if (part.kind === "call") return "";
    return part.kind === "text" ? part.text.trim() : `<think>\n${part.text}\n</think>\n`;
  });
  const tool_calls = calls.map(({ id, name, arguments: given }) => ({
    id,
    type: "function",
    function: { name, arguments: given as Row },
  }));
  return { message: { role: "assistant", content: said.join(""), tool_calls } as Message, calls };
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Nine letters and digits, which some templates ask for; the same for the same key. */
function callId(key: string): string {
  let state = 2166136261;
  for (const letter of key) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 16777619) >>> 0;
  let id = "";
  for (let at = 0; at < 9; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    id += LETTERS[Math.floor((state / 2 ** 32) * LETTERS.length)];
  }
  return id;
}

export type Beginning = {
  system: string;
  turns: Turn[];
  /** What is asked next. */
  question: string;
  /** The answer to it that the row has. */
  expected: string | null;
};

/** A row of a dataset as the beginning of a conversation: up to its last question, which is not asked yet. */
export function beginningOf({ messages }: TrialConversation, targets: string[]): Beginning {
  const text = (message: Message | undefined) => textOf(message?.content);
  const rest = [...messages];
  const system = rest[0]?.role === "system" ? text(rest.shift()) : "";
  const lastQuestion = rest.findLastIndex(({ role }) => role === "user");
  const [before, last] = [rest.slice(0, Math.max(lastQuestion, 0)), rest.slice(lastQuestion + 1)];
  const turns: Turn[] = [];
  for (const message of before) {
    if (message.role === "user" || turns.length === 0)
      turns.push({
        id: crypto.randomUUID(),
        text: message.role === "user" ? text(message) : null,
        steps: Object.fromEntries(targets.map((target) => [target, []])),
        expected: null,
      });
    if (message.role === "user") continue;
    for (const steps of Object.values(turns.at(-1)?.steps ?? {})) steps.push(stepOf(message));
  }
  const answer = last.findLast(({ role }) => role === "assistant");
  return { system, turns, question: text(rest[lastQuestion]), expected: answer ? said(answer) : null };
}

function stepOf(message: Message): Step {
  if (message.role === "tool")
    return {
      kind: "tool",
      id: crypto.randomUUID(),
      name: String(message.name ?? ""),
      text: textOf(message.content),
    };
  return writtenAnswer(said(message));
}

/** An answer as a model writes it, with its calls of tools in the text. */
function said(message: Message): string {
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.map(callOf) : [];
  const written = calls.flatMap((call) =>
    call ? [`<tool_call>\n${JSON.stringify(call)}\n</tool_call>`] : [],
  );
  const reasoning = message.reasoning_content;
  const thought = typeof reasoning === "string" ? `<think>\n${reasoning}\n</think>\n\n` : "";
  return thought + [textOf(message.content), ...written].filter((text) => text !== "").join("\n");
}

const textOf = (content: unknown): string =>
  typeof content === "string" ? content : content == null ? "" : JSON.stringify(content);

const speakers: Record<string, string> = {
  system: "System",
  user: "User",
  assistant: "Assistant",
  tool: "Tool",
};

/** A conversation as a text to paste elsewhere. */
export function plainText(messages: Message[]): string {
  const line = (message: Message) =>
    `${speakers[String(message.role)]}: ${message.role === "assistant" ? said(message) : textOf(message.content)}`;
  return messages.map(line).join("\n\n");
}
