import { Switch, Textarea } from "@mantine/core";
import { useState } from "react";
import { CodeField } from "../../../components/editor/CodeField";
import { EXAMPLE_TOOL } from "../chat/tools";
import css from "../Trial.module.css";

type Props = {
  system: string;
  onSystem: (text: string) => void;
  tools: string;
  onTools: (text: string) => void;
  toolsProblem: string | null;
  exact: boolean;
  onExact: (exact: boolean) => void;
};

/** What holds for the whole conversation: the system prompt, the tools, how answers are shown. */
export function ChatFields({ system, onSystem, tools, onTools, toolsProblem, exact, onExact }: Props) {
  const [withTools, setWithTools] = useState(tools !== "");
  return (
    <section className={css.group} aria-label="The conversation">
      <Textarea
        label="System prompt"
        placeholder="None"
        value={system}
        onChange={({ currentTarget }) => onSystem(currentTarget.value)}
        autosize
        minRows={2}
        maxRows={8}
      />
      <Switch
        label="Offer tools"
        checked={withTools || tools !== ""}
        onChange={({ currentTarget: { checked } }) => {
          setWithTools(checked);
          onTools(checked ? EXAMPLE_TOOL : "");
        }}
      />
      {(withTools || tools !== "") && (
        <CodeField
          label="Tools"
          description="JSON schemas, as the chat template writes them. You answer the calls."
          error={toolsProblem}
          language="json"
          value={tools}
          onChange={onTools}
        />
      )}
      <Switch
        label="Show exact text"
        checked={exact}
        onChange={({ currentTarget }) => onExact(currentTarget.checked)}
      />
    </section>
  );
}
