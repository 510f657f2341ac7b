import { ActionIcon, Loader, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconEye, IconPencil, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { CopyButton } from "../../../components/clipboard";
import { Refusal } from "../../../components/Refusal";
import { cutText, measuredText } from "../measured";
import { AnswerText } from "./AnswerText";
import css from "./Chat.module.css";
import type { Answer } from "./conversation";
import { EditText } from "./EditText";
import { ExactPrompt } from "./ExactPrompt";

type Props = {
  answer: Answer;
  name: string;
  /** Whether it is being written: the answers before it have ended. */
  next: boolean;
  /** What it waits for while the model is loaded. */
  loading: string | null;
  /** Whether nothing is awaited, so that it can be changed. */
  free: boolean;
  expected: string | null;
  exact: boolean;
  /** Asks for another in its place; none where others follow it. */
  onAgain: (() => void) | null;
  onRewrite: (text: string) => void;
};

/** An answer with what can be done to it. */
export function AnswerView(props: Props) {
  const { answer, name, next, loading, free, expected, exact, onAgain, onRewrite } = props;
  const [editing, setEditing] = useState(false);
  const [shown, setShown] = useState(false);
  const { text, prompt, done, problem } = answer;
  const streaming = !done && !problem;
  if (editing)
    return (
      <EditText
        label={`Answer of ${name}`}
        text={text}
        action="Keep this answer"
        mayBeEmpty
        onDone={(edited) => {
          setEditing(false);
          onRewrite(edited);
        }}
        onCancel={() => setEditing(false)}
      />
    );
  const cut = done && cutText(done);
  const isExpected = expected !== null && done && text.trim() === expected.trim();
  return (
    <>
      {problem && <Refusal error={{ code: "internal", fields: [], ...problem }} mb={8} />}
      {(text !== "" || done) && (
        <div className={css.said} aria-busy={streaming}>
          {text === "" ? (
            <Text size="sm" c="dimmed" fs="italic">
              {done?.cancelled ? "Not answered" : "(nothing)"}
            </Text>
          ) : (
            <AnswerText text={text} prompt={prompt} streaming={streaming} exact={exact} />
          )}
        </div>
      )}
      {streaming && (
        <Text size="xs" c="dimmed" className={css.progress}>
          {next ? (
            <>
              <Loader size={12} type="dots" aria-label="Answering" /> {loading}
            </>
          ) : (
            "Waiting"
          )}
        </Text>
      )}
      {cut && (
        <Text size="xs" c="var(--warning)" mt={4}>
          {cut}
        </Text>
      )}
      {!streaming && (
        <footer className={css.below}>
          <Text size="xs" c="dimmed" className="tabular" span>
            {answer.written ? "Written" : done && measuredText(done)}
          </Text>
          {isExpected && (
            <Text size="xs" c="var(--placeholder-text)" className={css.right} span>
              <IconCheck size={14} stroke={2} aria-hidden /> As expected
            </Text>
          )}
          <span className={css.tools}>
            {text !== "" && <CopyButton value={text} what={`answer of ${name}`} />}
            {prompt !== null && (
              <Action label={`What ${name} read`} onClick={() => setShown(true)} icon={IconEye} />
            )}
            <Action
              label={`Edit answer of ${name}`}
              disabled={!free}
              onClick={() => setEditing(true)}
              icon={IconPencil}
            />
            {onAgain && (
              <Action label={`Answer again: ${name}`} disabled={!free} onClick={onAgain} icon={IconRefresh} />
            )}
          </span>
        </footer>
      )}
      {shown && prompt !== null && (
        <ExactPrompt name={name} prompt={prompt} answer={text} onClose={() => setShown(false)} />
      )}
    </>
  );
}

type ActionProps = { label: string; disabled?: boolean; onClick: () => void; icon: typeof IconEye };

function Action({ label, disabled, onClick, icon: Icon }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
      >
        <Icon size={14} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}
