import { ActionIcon, Button, SegmentedControl, Tooltip } from "@mantine/core";
import { IconLayoutSidebar, IconPlus, IconRefresh } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Row, TrialConversation, TrialWay } from "../../bindings";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";
import { ChatView } from "./chat/ChatView";
import { beginningOf } from "./chat/messages";
import { useChat } from "./chat/useChat";
import { type Prompted, PromptView } from "./prompt/PromptView";
import { Setup } from "./setup/Setup";
import { againstAsking, useChoice } from "./setup/useChoice";
import css from "./Trial.module.css";
import { useAnew, useKept } from "./useKept";
import { useTrial } from "./useTrial";

const nothing: Prompted = { text: "", expected: null };

/** Below this width of the window, what is asked makes room for the answers. */
const WIDE = 1000;

const about: Record<TrialWay, string> = {
  chat: "Hold a conversation with a base model and its adapters, side by side.",
  prompt:
    "Write a prompt or take a row of a dataset, and compare the answers of the base model and its adapters.",
};

/** Asks a base model and its adapters, and shows their answers side by side. */
export function TryPage() {
  const asked = useSearch({ from: "/try" });
  const trial = useTrial();
  const anew = useAnew(asked);
  const choice = useChoice(trial, asked, anew);
  const { wanted, targets, way, system, tools, settings, outline } = choice;
  const [next, setNext] = useKept("next", nothing, anew);
  const [prompt, setPrompt] = useKept("prompt", nothing, anew);
  const [exact, setExact] = useState(false);
  const [open, setOpen] = useState(() => window.innerWidth >= WIDE || !(asked.model ?? asked.adapter));
  const generation = (settings ?? {}) as Row;
  const chat = useChat(trial, { wanted, targets, system, tools: tools.tools, generation }, anew);
  const against = againstAsking(choice);
  const begin = (conversation: TrialConversation) => {
    const beginning = beginningOf(conversation, targets);
    void chat.stop();
    chat.begin(beginning.turns);
    setNext({ text: beginning.question, expected: beginning.expected });
    choice.setSystem(beginning.system);
    choice.setTools(conversation.tools?.length ? JSON.stringify(conversation.tools, null, 2) : "");
  };
  const { state, error } = trial;
  return (
    <Page
      title="Try it"
      about={about[way]}
      scrolls={false}
      actions={
        <>
          {way === "chat" && chat.turns.length > 0 && (
            <>
              {targets.length > 1 && (
                <Button
                  variant="default"
                  leftSection={<IconRefresh size={15} stroke={1.6} />}
                  disabled={chat.running || against !== null}
                  onClick={() => chat.answerAgain(targets)}
                >
                  All again
                </Button>
              )}
              <Button
                variant="default"
                leftSection={<IconPlus size={15} stroke={1.6} />}
                disabled={chat.running}
                onClick={() => {
                  chat.begin([]);
                  setNext(nothing);
                }}
              >
                New conversation
              </Button>
            </>
          )}
          <SegmentedControl
            size="xs"
            aria-label="How the model is asked"
            data={[
              { value: "chat", label: "Chat" },
              { value: "prompt", label: "Prompt" },
            ]}
            value={way}
            onChange={(chosen) => choice.setWay(chosen as TrialWay)}
          />
          <Tooltip label={open ? "Hide what is asked" : "Show what is asked"}>
            <ActionIcon
              variant="default"
              size={30}
              aria-label="What is asked"
              aria-pressed={open}
              onClick={() => setOpen(!open)}
            >
              <IconLayoutSidebar size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      <div className={css.split} data-open={open || undefined}>
        <div className={css.side} hidden={!open}>
          <Setup
            choice={choice}
            trial={trial}
            asked={asked.adapter}
            exact={exact}
            onExact={setExact}
            onConversation={begin}
            onPrompt={(text, expected, picked) => {
              if (picked || prompt.text === "") setPrompt({ text, expected });
            }}
          />
        </div>
        <div className={css.main}>
          {error && <Refusal error={error} />}
          {state.error && <Refusal error={{ code: "internal", fields: [], ...state.error }} />}
          {way === "chat" ? (
            <ChatView
              chat={chat}
              targets={targets}
              outline={outline}
              system={system}
              tools={tools.tools}
              contextLength={state.contextLength}
              loading={state.phase === "loading" ? state.message : null}
              next={next}
              onNext={setNext}
              against={against}
              exact={exact}
            />
          ) : (
            <PromptView
              trial={trial}
              wanted={wanted}
              generation={settings as Row | null}
              prompt={prompt}
              onPrompt={setPrompt}
              against={against}
            />
          )}
        </div>
      </div>
    </Page>
  );
}
