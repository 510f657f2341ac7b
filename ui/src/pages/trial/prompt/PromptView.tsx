import { Button, Group, Kbd, Text, Textarea } from "@mantine/core";
import { IconPlayerStop, IconSend } from "@tabler/icons-react";
import type { Row } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { useShortcuts } from "../../../components/useShortcuts";
import type { Chosen } from "../loading";
import css from "../Trial.module.css";
import type { Trial } from "../useTrial";
import { AnswerCards } from "./AnswerCards";
import { usePrompt } from "./usePrompt";

/** What is asked, and the answer that a dataset has. */
export type Prompted = { text: string; expected: string | null };

type Props = {
  trial: Trial;
  wanted: Chosen;
  generation: Row | null;
  prompt: Prompted;
  onPrompt: (prompt: Prompted) => void;
  /** Why nothing can be asked. */
  against: string | null;
};

/** Asks the exact text of a prompt, and shows the answers side by side. */
export function PromptView({ trial, wanted, generation, prompt, onPrompt, against: general }: Props) {
  const { state, ask, stop } = usePrompt(trial);
  const against = general ?? (prompt.text === "" ? "Write a prompt first." : null);
  const send = () => {
    if (!against && generation) ask(prompt.text, wanted, generation);
  };
  useShortcuts({ "ctrl+enter": send });
  return (
    <>
      <Textarea
        label="Prompt"
        description="The exact text that the model reads."
        value={prompt.text}
        onChange={({ currentTarget }) => onPrompt({ text: currentTarget.value, expected: null })}
        rows={7}
        resize="vertical"
        spellCheck={false}
        classNames={{ input: css.mono }}
      />
      <Group gap={12}>
        {state.asking ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={15} stroke={1.6} />}
            onClick={() => void stop()}
          >
            Stop
          </Button>
        ) : (
          <Button
            leftSection={<IconSend size={15} stroke={1.6} />}
            rightSection={<Kbd size="xs">Ctrl Enter</Kbd>}
            loading={trial.state.phase === "loading"}
            data-disabled={against !== null || undefined}
            aria-disabled={against !== null}
            onClick={send}
          >
            {trial.isReady(wanted) ? "Ask" : "Load and ask"}
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status">
          {state.asking ? "Answering, one after another." : against}
        </Text>
      </Group>
      {state.error && <Refusal error={{ code: "internal", fields: [], ...state.error }} />}
      {prompt.expected !== null && (
        <div>
          <Text size="xs" fw={600} mb={4}>
            Expected
          </Text>
          <p className={css.text}>{prompt.expected}</p>
        </div>
      )}
      <AnswerCards state={state} expected={prompt.expected} />
    </>
  );
}
