import spoken from "../../../components/Turns.module.css";
import { capitalize } from "../../../format/texts";
import type { Message } from "./nested";
import { Tree } from "./Tree";
import css from "./values.module.css";

/** Messages shown at most. Copying the value gives all. */
const most = 200;

/** A conversation as a list of messages with their roles. */
export function Conversation({ messages }: { messages: Message[] }) {
  return (
    <ol className={spoken.turns} aria-label="Conversation">
      {messages.slice(0, most).map((message, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity but their place
        <li key={at} className={spoken.turn} data-role={side(message.role)}>
          <div className={spoken.speaker}>{message.role ? capitalize(message.role) : "No role"}</div>
          <Content message={message} />
        </li>
      ))}
      {messages.length > most && <li className={css.more}>and {messages.length - most} more messages</li>}
    </ol>
  );
}

function Content({ message: { content, rest } }: { message: Message }) {
  const more = Object.keys(rest).length > 0;
  const silent = content === null || content === "";
  return (
    <>
      {silent && !more && <span className={css.absent}>empty message</span>}
      {typeof content === "string" && content !== "" && <div className={spoken.said}>{content}</div>}
      {typeof content !== "string" && content !== null && <Tree value={content} />}
      {more && <Tree value={rest} />}
    </>
  );
}

/** The common roles, by their names in both formats. */
function side(role: string | null): string {
  if (role === "human" || role === "user") return "user";
  if (role === "gpt" || role === "model" || role === "assistant") return "assistant";
  return role === "system" ? "system" : "other";
}
