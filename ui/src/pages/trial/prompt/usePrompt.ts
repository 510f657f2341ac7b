import { useEffect, useState } from "react";
import { toAppError } from "../../../api/errors";
import { askTrial, cancelTrial } from "../../../api/trial";
import type { Row } from "../../../bindings";
import type { Chosen } from "../loading";
import type { Trial } from "../useTrial";
import { afterAnswer, noAnswers } from "./answers";

/** Asks one prompt at a time. */
export function usePrompt(trial: Trial) {
  const [state, setState] = useState(noAnswers);
  const { listen, setError } = trial;
  useEffect(() => listen((answer) => setState((old) => afterAnswer(old, answer))), [listen]);

  const askNow = async (prompt: string, { adapters }: Chosen, generation: Row) => {
    const id = crypto.randomUUID();
    const targets = ["base", ...adapters];
    setState({ ...noAnswers, asking: id, targets });
    try {
      await askTrial(id, prompt, targets, generation);
    } catch (thrown) {
      setState((old) => ({ ...old, asking: null }));
      setError(toAppError(thrown));
    }
  };

  /** Asks a question, and loads the models first if they are not loaded. */
  const ask = (prompt: string, wanted: Chosen, generation: Row) => {
    if (state.asking === null) void trial.whenLoaded(wanted, () => void askNow(prompt, wanted, generation));
  };

  const stop = async () => {
    if (!state.asking) return;
    try {
      await cancelTrial(state.asking);
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };

  return { state, ask, stop };
}
