import { Text, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import type { Row, TrialOutline } from "../../../bindings";
import css from "./Chat.module.css";
import { Column } from "./Column";
import { ColumnHead } from "./ColumnHead";
import { Composer } from "./Composer";
import { pending } from "./conversation";
import { Question } from "./Question";
import { useAnnouncement } from "./useAnnouncement";
import type { Chat } from "./useChat";
import { useEscape } from "./useEscape";
import { useScrollToEnd } from "./useScrollToEnd";

type Props = {
  chat: Chat;
  targets: string[];
  outline: TrialOutline | undefined;
  system: string;
  tools: Row[];
  contextLength: number | null;
  /** What the answers wait for while the model is loaded. */
  loading: string | null;
  /** What is asked next, and the answer to it that a dataset has. */
  next: { text: string; expected: string | null };
  onNext: (next: { text: string; expected: string | null }) => void;
  /** Why nothing can be asked. */
  against: string | null;
  exact: boolean;
};

/** The least width of a column, in pixels. */
const NARROWEST = 220;

/** A conversation with all models that are tried, side by side. */
export function ChatView(props: Props) {
  const { chat, targets, outline, system, tools, contextLength, loading, next, onNext, against, exact } =
    props;
  const { turns, running, stop } = chat;
  const [editing, setEditing] = useState<string | null>(null);
  const end = useScrollToEnd(turns);
  const said = useAnnouncement(turns, (target) => nameIn(outline, target));
  useEscape(running, stop);
  const grid = { gridTemplateColumns: `repeat(${targets.length}, minmax(0, 1fr))` };
  const send = () => {
    end.keep();
    chat.say(next.text, next.expected);
    onNext({ text: "", expected: null });
  };
  const editLast = () => {
    const last = turns.findLast(({ text }) => text !== null);
    if (last) setEditing(last.id);
  };
  return (
    <section className={css.chat} aria-label="Conversation">
      <div
        className={css.scroller}
        ref={end.ref}
        onScroll={end.onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard
        tabIndex={0}
        aria-label="Messages"
        role="group"
      >
        <div
          className={css.wide}
          data-columns={targets.length}
          style={{ minWidth: targets.length * NARROWEST }}
        >
          <div className={css.heads} style={grid} data-heads>
            {targets.map((target) => (
              <ColumnHead
                key={target}
                target={target}
                outline={outline?.targets.find((one) => one.target === target)}
                chat={chat}
                system={system}
                tools={tools}
                contextLength={contextLength}
              />
            ))}
          </div>
          {turns.length === 0 && <Nothing columns={targets.length} />}
          {turns.map((turn, at) => (
            <div key={turn.id} className={css.turn} data-turn>
              {turn.text !== null && (
                <Question
                  text={turn.text}
                  free={!running}
                  editing={editing === turn.id}
                  onEdit={(edits) => setEditing(edits ? turn.id : null)}
                  onAsk={(text) => {
                    end.keep();
                    chat.sayOtherwise(turn.id, text);
                  }}
                />
              )}
              <div className={css.columns} style={grid}>
                {targets.map((target) => (
                  <Column
                    key={target}
                    turn={turn}
                    target={target}
                    last={at === turns.length - 1}
                    chat={chat}
                    loading={loading}
                    exact={exact}
                  />
                ))}
              </div>
              {turn.expected !== null && <Expected text={turn.expected} />}
            </div>
          ))}
        </div>
      </div>
      {next.expected !== null && <Expected text={next.expected} />}
      <Composer
        text={next.text}
        onText={(text) => onNext({ text, expected: next.expected })}
        against={against}
        running={running}
        onSend={send}
        onStop={() => void stop()}
        onEditLast={editLast}
      />
      <VisuallyHidden role="status">{pending(turns).length > 0 ? "Answering." : said}</VisuallyHidden>
    </section>
  );
}

const nameIn = (outline: TrialOutline | undefined, target: string) =>
  outline?.targets.find((one) => one.target === target)?.name ?? "Answer";

function Nothing({ columns }: { columns: number }) {
  return (
    <div className={css.nothing}>
      <Text size="sm" c="dimmed" ta="center" maw={420}>
        {columns === 1
          ? "Write a message. The model sees the whole conversation with each answer."
          : "What you write goes to all of them. Each continues with its own answers."}
      </Text>
    </div>
  );
}

function Expected({ text }: { text: string }) {
  return (
    <details className={css.expected} open>
      <summary>Expected</summary>
      <p>{text}</p>
    </details>
  );
}
