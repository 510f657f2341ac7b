import { Button, Textarea } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import type { ToolCall } from "./answerParts";
import css from "./Chat.module.css";

type Props = {
  calls: ToolCall[];
  name: string;
  onReply: (results: { name: string; text: string }[]) => void;
};

/** A place to say what the called tools give back. */
export function ToolReply({ calls, name, onReply }: Props) {
  const [texts, setTexts] = useState(() => calls.map(() => ""));
  return (
    <form
      className={css.reply}
      aria-label={`Results for ${name}`}
      onSubmit={(event) => {
        event.preventDefault();
        onReply(calls.map((call, at) => ({ name: call.name, text: texts[at] ?? "" })));
      }}
    >
      {calls.map((call, at) => (
        <Textarea
          // biome-ignore lint/suspicious/noArrayIndexKey: calls have no identity but their place
          key={at}
          label={`Result of ${call.name}`}
          placeholder="What the tool returns, usually JSON"
          value={texts[at]}
          onChange={({ currentTarget: { value } }) =>
            setTexts((old) => old.map((text, place) => (place === at ? value : text)))
          }
          autosize
          minRows={1}
          maxRows={8}
          spellCheck={false}
          classNames={{ input: css.mono }}
        />
      ))}
      <Button
        type="submit"
        variant="default"
        leftSection={<IconSend size={14} stroke={1.6} />}
        style={{ alignSelf: "flex-end" }}
      >
        {calls.length === 1 ? "Send the result" : "Send the results"}
      </Button>
    </form>
  );
}
