import { Button, Group, Kbd, Text, Textarea } from "@mantine/core";
import { IconPlayerStop, IconSend } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Row } from "../../bindings";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";
import { useShortcuts } from "../../components/useShortcuts";
import { AllGeneration } from "../starting/AllGeneration";
import { GenerationFields } from "../starting/GenerationFields";
import { GREEDY, parsed } from "../starting/generation";
import { AnswerCards } from "./AnswerCards";
import { FromDataset } from "./FromDataset";
import { Loading } from "./Loading";
import css from "./Trial.module.css";
import { useTrial } from "./useTrial";

/** Asks a base model and its adapters, and shows their answers side by side. */
export function TryPage() {
  const asked = useSearch({ from: "/try" });
  const [model, setModel] = useState(asked.model ?? "");
  const [adapters, setAdapters] = useState<string[]>(asked.adapter ? [asked.adapter] : []);
  const [prompt, setPrompt] = useState("");
  const [expected, setExpected] = useState<string | null>(null);
  const [generation, setGeneration] = useState(GREEDY);
  const trial = useTrial();
  const { state, error } = trial;
  const wanted = { model, adapters };
  const settings = parsed(generation);
  const against = !model
    ? "Choose a base model first."
    : prompt === ""
      ? "Write a prompt first."
      : settings
        ? null
        : "The settings for answers are not valid JSON.";
  const ask = () => {
    if (!against && settings) void trial.ask(prompt, wanted, settings as Row);
  };
  useShortcuts({ "ctrl+enter": ask });
  const chooseModel = (next: string) => {
    setModel(next);
    setAdapters([]);
  };
  return (
    <Page
      title="Try it"
      about="Write a prompt or take a row of a dataset, and compare the answers of the base model and its adapters."
      scrolls={false}
    >
      <div className={css.split}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard */}
        <section className={css.choices} tabIndex={0} aria-label="What is asked">
          <Loading
            model={model}
            onModel={chooseModel}
            adapters={adapters}
            onAdapters={setAdapters}
            asked={asked.adapter}
            trial={trial}
          />
          <FromDataset
            model={model}
            onRow={(text, completion) => {
              setPrompt(text);
              setExpected(completion);
            }}
          />
          <section className={css.group} aria-label="How they answer">
            <GenerationFields text={generation} onText={setGeneration} />
            <AllGeneration text={generation} onText={setGeneration} />
          </section>
        </section>
        <div className={css.main}>
          <Textarea
            label="Prompt"
            description="The exact text that the model reads."
            value={prompt}
            onChange={({ currentTarget }) => {
              setPrompt(currentTarget.value);
              setExpected(null);
            }}
            rows={7}
            resize="vertical"
            spellCheck={false}
            styles={{
              input: {
                fontFamily: "var(--mantine-font-family-monospace)",
                fontSize: "var(--mantine-font-size-xs)",
              },
            }}
          />
          <Group gap={12}>
            {state.asking ? (
              <Button
                variant="default"
                leftSection={<IconPlayerStop size={15} stroke={1.6} />}
                onClick={() => void trial.stop()}
              >
                Stop
              </Button>
            ) : (
              <Button
                leftSection={<IconSend size={15} stroke={1.6} />}
                rightSection={<Kbd size="xs">Ctrl Enter</Kbd>}
                loading={state.phase === "loading"}
                data-disabled={against !== null || undefined}
                aria-disabled={against !== null}
                onClick={ask}
              >
                {state.phase === "ready" && trial.isLoaded(wanted) ? "Ask" : "Load and ask"}
              </Button>
            )}
            <Text size="sm" c="dimmed" role="status">
              {state.asking ? "Answering, one after another." : against}
            </Text>
          </Group>
          {error && <Refusal error={error} />}
          {state.error && (
            <Refusal
              error={{ code: "internal", message: state.error.message, hint: state.error.hint, fields: [] }}
            />
          )}
          {expected !== null && (
            <div>
              <Text size="xs" fw={600} mb={4}>
                Expected
              </Text>
              <p className={css.text}>{expected}</p>
            </div>
          )}
          <AnswerCards state={state} expected={expected} />
        </div>
      </div>
    </Page>
  );
}
