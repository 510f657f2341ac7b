import type { JsonValue } from "../../../bindings";
import { Conversation } from "./Conversation";
import { messagesOf } from "./nested";
import { Tree } from "./Tree";
import css from "./values.module.css";

/** A value in full: a text with its line breaks, a conversation, or a tree. */
export function WholeValue({ value }: { value: JsonValue }) {
  if (typeof value !== "object" || value === null) return <div className={css.text}>{String(value)}</div>;
  const messages = messagesOf(value);
  return messages ? <Conversation messages={messages} /> : <Tree value={value} />;
}
