import { Text } from "@mantine/core";
import { IconTool } from "@tabler/icons-react";
import { useTargetName } from "../useTargetName";
import { AnswerView } from "./AnswerView";
import { answerParts, callsOf } from "./answerParts";
import css from "./Chat.module.css";
import { pending, type Turn } from "./conversation";
import { ToolReply } from "./ToolReply";
import type { Chat } from "./useChat";

type Props = {
  turn: Turn;
  target: string;
  last: boolean;
  chat: Chat;
  /** What the answers wait for while the model is loaded. */
  loading: string | null;
  exact: boolean;
};

/** What follows a question with one of the models. */
export function Column({ turn, target, last, chat, loading, exact }: Props) {
  const name = useTargetName(target);
  const steps = turn.steps[target];
  const free = !chat.running;
  const next = pending([turn])[0]?.id;
  if (!steps)
    return (
      <section className={css.column} aria-label={name}>
        <Text size="sm" c="dimmed" fs="italic">
          Not asked
        </Text>
      </section>
    );
  const final = steps.at(-1);
  const calls =
    last && free && final?.kind === "answer" && final.done
      ? callsOf(answerParts(final.text, final.prompt))
      : [];
  return (
    <section className={css.column} aria-label={name}>
      {steps.map((step, at) =>
        step.kind === "tool" ? (
          <div key={step.id} className={css.result}>
            <Text size="xs" fw={600} className={css.callName}>
              <IconTool size={14} stroke={1.8} aria-hidden /> {step.name || "Tool"} gave back
            </Text>
            <pre>{step.text || "(nothing)"}</pre>
          </div>
        ) : (
          <AnswerView
            key={step.id}
            answer={step}
            name={name}
            next={step.id === next}
            loading={loading}
            free={free}
            expected={turn.expected}
            exact={exact}
            onAgain={last && at === steps.length - 1 ? () => chat.answerAgain([target]) : null}
            onRewrite={(text) => chat.rewrite(turn.id, target, step.id, text)}
          />
        ),
      )}
      {calls.length > 0 && (
        <ToolReply
          key={final?.id}
          calls={calls}
          name={name}
          onReply={(results) => chat.answerTools(target, results)}
        />
      )}
    </section>
  );
}
