import { IconAlertTriangle } from "@tabler/icons-react";
import css from "./Weights.module.css";

/** A line for each warning. */
export function Warnings({ messages }: { messages: string[] }) {
  if (messages.length === 0) return null;
  return (
    <ul className={css.warnings} aria-label="Warnings">
      {messages.map((message) => (
        <li key={message} className={css.line} data-state="incomplete">
          <IconAlertTriangle size={15} stroke={1.8} aria-hidden />
          <span>{message}</span>
        </li>
      ))}
    </ul>
  );
}
