import type { JsonValue } from "../../../bindings";
import { plural } from "../../../format/texts";

/** One turn of a conversation, whichever of the two ways it is written in. */
export type Message = {
  /** Who speaks, as the file says it; none where it doesn't. */
  role: string | null;
  /** What is said: mostly a text, sometimes a list of parts. */
  content: JsonValue;
  /** What else the file says of it, such as calls of tools. */
  rest: Record<string, JsonValue>;
};

type Fields = { [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The conversation a value is, or null. Chats have `role` and `content`, ShareGPT has `from` and `value`.
 * A message that lacks one is still part of it: the gap is what a person must see.
 */
export function messagesOf(value: JsonValue): Message[] | null {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isObject)) return null;
  const speaks = (item: Fields) => typeof item.role === "string" || typeof item.from === "string";
  const says = (item: Fields) => "content" in item || "value" in item;
  if (!value.some((item) => speaks(item) && says(item))) return null;
  return value.map((item) => {
    const turns = "from" in item || ("value" in item && !("role" in item));
    const [who, what] = turns ? ["from", "value"] : ["role", "content"];
    const { [who]: role, [what]: content, ...rest } = item;
    return { role: typeof role === "string" ? role : null, content: content ?? null, rest };
  });
}

/** How much is in a list or an object: "3 messages", "5 items", "2 fields". */
export function summary(value: JsonValue[] | Fields): string {
  if (!Array.isArray(value)) return plural(Object.keys(value).length, "field");
  return plural(value.length, messagesOf(value) ? "message" : "item");
}

/** The first words in a list or an object, by which a person tells one row from another. */
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
