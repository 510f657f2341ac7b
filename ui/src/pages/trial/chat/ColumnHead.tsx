import { ActionIcon, Menu, Progress, Text, Tooltip } from "@mantine/core";
import { IconCopy, IconDeviceFloppy, IconDots, IconRefresh } from "@tabler/icons-react";
import { showError } from "../../../api/errors";
import { saveConversation } from "../../../api/trial";
import type { Row, TrialTarget } from "../../../bindings";
import { copyWithNotice } from "../../../components/clipboard";
import { formatNumber } from "../../../format/numbers";
import { pickSavePath } from "../../../platform";
import { useTargetName } from "../useTargetName";
import css from "./Chat.module.css";
import { messagesOf, plainText } from "./messages";
import { templateText } from "./templateText";
import type { Chat } from "./useChat";
import { usedTokens } from "./usedTokens";

type Props = {
  target: string;
  outline: TrialTarget | undefined;
  chat: Chat;
  system: string;
  tools: Row[];
  contextLength: number | null;
};

/** The name of a model above its answers, how full its context is, and what can be done with its conversation. */
export function ColumnHead({ target, outline, chat, system, tools, contextLength }: Props) {
  const name = useTargetName(target);
  const used = usedTokens(chat.turns, target);
  const template = templateText(outline);
  const isEmpty = chat.turns.length === 0;
  const conversation = () => ({ messages: messagesOf(chat.turns, target, system), tools });
  const save = async () => {
    const path = await pickSavePath("conversation.jsonl", [{ name: "JSON Lines", extensions: ["jsonl"] }]);
    if (path === null) return;
    try {
      await saveConversation(path, conversation());
    } catch (thrown) {
      showError(thrown);
    }
  };
  return (
    <div className={css.head}>
      <div className={css.headName}>
        <Text size="sm" fw={600} truncate title={name}>
          {name}
        </Text>
        {template && (
          <Text size="xs" c="dimmed" truncate title={template.about}>
            {template.short}
          </Text>
        )}
      </div>
      {used !== null && <Context used={used} all={contextLength} />}
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Tooltip label={`Conversation with ${name}`}>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Conversation with ${name}`}>
              <IconDots size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconRefresh size={15} stroke={1.6} />}
            disabled={isEmpty || chat.running}
            onClick={() => chat.answerAgain([target])}
          >
            Answer again
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={15} stroke={1.6} />}
            disabled={isEmpty}
            onClick={() => void copyWithNotice(plainText(conversation().messages), "Conversation")}
          >
            Copy conversation
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDeviceFloppy size={15} stroke={1.6} />}
            disabled={isEmpty || chat.running}
            onClick={() => void save()}
          >
            Save conversation…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** How much of the context is filled. */
function Context({ used, all }: { used: number; all: number | null }) {
  const share = all === null ? 0 : Math.min(1, used / all);
  const words =
    all === null ? `${formatNumber(used)} tokens` : `${formatNumber(used)} of ${formatNumber(all)}`;
  const full =
    share >= 0.9
      ? "Nearly full. Soon the conversation no longer fits: start a new one, or shorten a turn."
      : "Tokens of the conversation, of those that the model reads and writes in all.";
  return (
    <Tooltip label={full}>
      <div className={css.context} data-full={share >= 0.9 || undefined}>
        <span className="tabular">{words}</span>
        {all !== null && (
          <Progress
            value={100 * share}
            size={4}
            color={share >= 0.9 ? "yellow" : "indigo"}
            aria-label={`Context: ${words} tokens`}
          />
        )}
      </div>
    </Tooltip>
  );
}
