import { useCallback, useEffect, useRef, useState } from "react";
import { toAppError } from "../../api/errors";
import { askTrial, cancelTrial, closeTrial, openTrial } from "../../api/trial";
import type { AppError, Row, TrialAnswer } from "../../bindings";
import { afterEvent, type Loaded, noTrial, type TrialState } from "./trialState";

const same = (a: Loaded | null, b: Loaded) =>
  a !== null && a.model === b.model && a.adapters.join() === b.adapters.join();

/** Loads a model with adapters and asks them one question at a time. Unmounting unloads them. */
export function useTrial() {
  const [state, setState] = useState<TrialState>(noTrial);
  const [error, setError] = useState<AppError | null>(null);
  /** The number of the current worker. Events of earlier ones are ignored. */
  const turn = useRef(0);
  const waiting = useRef<(() => void) | null>(null);

  useEffect(
    () => () => {
      turn.current++;
      void closeTrial().catch(() => {});
    },
    [],
  );

  const load = useCallback(async (wanted: Loaded) => {
    const own = ++turn.current;
    const onEvent = (answer: TrialAnswer) => {
      if (turn.current !== own) return;
      setState((old) => afterEvent(old, answer));
      if (answer.answer === "status" && answer.status === "ready") {
        waiting.current?.();
        waiting.current = null;
      }
    };
    setError(null);
    setState({ ...noTrial, phase: "loading", loaded: wanted, message: "Starting" });
    try {
      await openTrial(wanted.model, wanted.adapters, onEvent);
    } catch (thrown) {
      if (turn.current !== own) return;
      waiting.current = null;
      setState(noTrial);
      setError(toAppError(thrown));
    }
  }, []);

  const unload = async () => {
    turn.current++;
    waiting.current = null;
    setState((old) => ({ ...old, phase: "none", loaded: null, message: null, asking: null }));
    try {
      await closeTrial();
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };

  const askNow = async (prompt: string, { adapters }: Loaded, generation: Row) => {
    const id = crypto.randomUUID();
    const targets = ["base", ...adapters];
    setError(null);
    setState((old) => ({ ...old, asking: id, targets, answers: {}, error: null }));
    try {
      await askTrial(id, prompt, targets, generation);
    } catch (thrown) {
      setState((old) => ({ ...old, asking: null }));
      setError(toAppError(thrown));
    }
  };

  /** Asks a question, and loads the models first if they are not loaded. */
  const ask = async (prompt: string, wanted: Loaded, generation: Row) => {
    const go = () => void askNow(prompt, wanted, generation);
    if (state.asking) return;
    if (state.phase === "ready" && same(state.loaded, wanted)) return go();
    waiting.current = go;
    if (state.phase !== "loading" || !same(state.loaded, wanted)) await load(wanted);
  };

  const stop = async () => {
    if (!state.asking) return;
    try {
      await cancelTrial(state.asking);
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };

  return { state, error, load, unload, ask, stop, isLoaded: (wanted: Loaded) => same(state.loaded, wanted) };
}
