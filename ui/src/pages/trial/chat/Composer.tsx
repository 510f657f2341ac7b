import { ActionIcon, Text, Textarea, Tooltip } from "@mantine/core";
import { IconArrowUp, IconPlayerStopFilled } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import css from "./Chat.module.css";

type Props = {
  text: string;
  onText: (text: string) => void;
  /** Why nothing can be sent, whatever is written. */
  against: string | null;
  running: boolean;
  onSend: () => void;
  onStop: () => void;
  onEditLast: () => void;
};

/** Where the next message is written. Enter sends it, Shift+Enter begins a line, Escape stops the answers. */
export function Composer({ text, onText, against, running, onSend, onStop, onEditLast }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const mayRun = useRef(running);
  useEffect(() => {
    // The button that was clicked is gone.
    if (mayRun.current && !running && document.activeElement === document.body) field.current?.focus();
    mayRun.current = running;
  }, [running]);
  const reason = against ?? (text.trim() === "" ? "Write a message first." : null);
  const cannot = reason !== null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      if (!running && !cannot) onSend();
    } else if (event.key === "ArrowUp" && text === "" && !running) {
      event.preventDefault();
      onEditLast();
    }
  };
  return (
    <div className={css.composer}>
      <Textarea
        ref={field}
        aria-label="Message"
        placeholder="Write a message"
        value={text}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
        onKeyDown={onKeyDown}
        autosize
        minRows={1}
        maxRows={8}
        classNames={{ input: css.field, root: css.fieldRoot }}
      />
      {running ? (
        <Tooltip label="Stop (Escape)">
          <ActionIcon size={34} variant="default" aria-label="Stop" onClick={onStop}>
            <IconPlayerStopFilled size={15} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Tooltip label={reason ?? "Send (Enter)"}>
          <ActionIcon
            size={34}
            variant="filled"
            aria-label="Send"
            data-disabled={cannot || undefined}
            aria-disabled={cannot}
            onClick={() => {
              if (!cannot) onSend();
            }}
          >
            <IconArrowUp size={18} stroke={2} />
          </ActionIcon>
        </Tooltip>
      )}
      <Text size="xs" c="dimmed" className={css.keys}>
        {against ?? "Enter sends · Shift Enter new line · Escape stops · ↑ edits the last message"}
      </Text>
    </div>
  );
}
