import { Group, Modal, Text } from "@mantine/core";
import { CopyButton } from "../../../components/clipboard";
import css from "./Chat.module.css";

type Props = { name: string; prompt: string; answer: string; onClose: () => void };

/** The exact text that a model read, with special tokens, and its answer to it. */
export function ExactPrompt({ name, prompt, answer, onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title={`What ${name} read`} size="xl">
      <Group justify="space-between" mb={8} wrap="nowrap">
        <Text size="sm" c="dimmed">
          The chat template wrote this text, with its special tokens. The answer is shaded.
        </Text>
        <CopyButton value={prompt} what="the text" />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keyboard */}
      <pre className={css.read} tabIndex={0}>
        {prompt}
        <mark>{answer}</mark>
      </pre>
    </Modal>
  );
}
