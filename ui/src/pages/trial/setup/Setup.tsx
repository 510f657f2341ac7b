import type { TrialConversation } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { AllGeneration } from "../../starting/AllGeneration";
import { GenerationFields } from "../../starting/GenerationFields";
import { FromPrompt } from "../prompt/FromPrompt";
import css from "../Trial.module.css";
import type { Trial } from "../useTrial";
import { ChatFields } from "./ChatFields";
import { FromConversation } from "./FromConversation";
import { ModelChoice } from "./ModelChoice";
import type { Choice } from "./useChoice";

type Props = {
  choice: Choice;
  trial: Trial;
  /** The adapter named in the address. */
  asked: string | undefined;
  exact: boolean;
  onExact: (exact: boolean) => void;
  onConversation: (conversation: TrialConversation) => void;
  onPrompt: (text: string, expected: string, picked: boolean) => void;
};

/** What is asked, and how it answers. */
export function Setup({ choice, trial, asked, exact, onExact, onConversation, onPrompt }: Props) {
  const { wanted, way, generation, setGeneration, refusal, outline } = choice;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard
    <section className={css.choices} tabIndex={0} aria-label="What is asked">
      <ModelChoice
        wanted={wanted}
        onModel={choice.setModel}
        onAdapters={choice.setAdapters}
        onTarget={choice.setTarget}
        asked={asked}
        isAway={outline?.model_is_here === false}
        trial={trial}
      />
      {refusal && <Refusal error={refusal} />}
      {way === "chat" ? (
        <>
          <FromConversation onRow={onConversation} />
          <ChatFields
            system={choice.system}
            onSystem={choice.setSystem}
            tools={choice.toolsText}
            onTools={choice.setTools}
            toolsProblem={choice.tools.problem}
            exact={exact}
            onExact={onExact}
          />
        </>
      ) : (
        <FromPrompt model={wanted.model} initial={outline?.prompt_id ?? ""} onRow={onPrompt} />
      )}
      <section className={css.group} aria-label="How they answer">
        <GenerationFields text={generation} onText={setGeneration} />
        <AllGeneration text={generation} onText={setGeneration} />
      </section>
    </section>
  );
}
