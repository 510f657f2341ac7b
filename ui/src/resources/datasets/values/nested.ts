import type { JsonValue } from "../../../bindings";
import { plural } from "../../../format/texts";

/** One message of a conversation, from either format. */
export type Message = {
  /** The role as written in the file; null if missing. */
  role: string | null;
  /** A text, or a list of parts. */
  content: JsonValue;
  /** Other fields, such as tool calls. */
  rest: Record<string, JsonValue>;
};

type Fields = { [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The conversation a value is, or null. Chats have `role` and `content`, ShareGPT has `from` and `value`.
 * A message that lacks one is kept, so that the gap is visible.
 */
export function messagesOf(value: JsonValue): Message[] | null {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isObject)) return null;
  const hasRole = (item: Fields) => typeof item.role === "string" || typeof item.from === "string";
  const says = (item: Fields) => "content" in item || "value" in item;
  if (!value.some((item) => hasRole(item) && says(item))) return null;
  return value.map((item) => {
    const turns = "from" in item || ("value" in item && !("role" in item));
    const [who, what] = turns ? ["from", "value"] : ["role", "content"];
    const { [who]: role, [what]: content, ...rest } = item;
    return { role: typeof role === "string" ? role : null, content: content ?? null, rest };
  });
}

/** The size of a list or an object: "3 messages", "5 items", "2 fields". */
export function summary(value: JsonValue[] | Fields): string {
  if (!Array.isArray(value)) return plural(Object.keys(value).length, "field");
  return plural(value.length, messagesOf(value) ? "message" : "item");
}

/** The first text in a list or an object, which identifies a row in the grid. */
export function firstWords(value: JsonValue): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const messages = messagesOf(value);
    const opening = messages?.find(({ role }) => role !== "system") ?? messages?.[0];
    return firstOf(opening ? [opening.content] : value);
  }
  return isObject(value) ? firstOf(Object.values(value)) : String(value ?? "");
}

function firstOf(values: JsonValue[]): string {
  for (const value of values.slice(0, 20)) {
    const words = firstWords(value);
    if (words !== "") return words;
  }
  return "";
}
