import { useCallback, useEffect, useRef, useState } from "react";
import { toAppError } from "../../api/errors";
import { closeTrial, openTrial } from "../../api/trial";
import type { AppError, TrialAnswer } from "../../bindings";
import { afterStatus, type Chosen, isSame, type LoadingState, notLoaded } from "./loading";

export type Trial = ReturnType<typeof useTrial>;

/** Loads a model with adapters. Unmounting unloads them. */
export function useTrial() {
  const [state, setState] = useState<LoadingState>(notLoaded);
  const [error, setError] = useState<AppError | null>(null);
  /** The number of the current worker. Answers of earlier ones are ignored. */
  const turn = useRef(0);
  const waiting = useRef<(() => void) | null>(null);
  const listeners = useRef(new Set<(answer: TrialAnswer) => void>());

  useEffect(
    () => () => {
      turn.current++;
      void closeTrial().catch(() => {});
    },
    [],
  );

  /** Listens to the answers of the worker, its end included. Returns a function that stops listening. */
  const listen = useCallback((listener: (answer: TrialAnswer) => void) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);

  const pass = useCallback((answer: TrialAnswer) => {
    for (const listener of listeners.current) listener(answer);
  }, []);

  const load = useCallback(
    async (wanted: Chosen) => {
      const own = ++turn.current;
      const onAnswer = (answer: TrialAnswer) => {
        if (turn.current !== own) return;
        setState((old) => afterStatus(old, answer));
        pass(answer);
        if (answer.answer === "status" && answer.status === "ready") {
          waiting.current?.();
          waiting.current = null;
        }
      };
      setError(null);
      setState({ ...notLoaded, phase: "loading", loaded: wanted, message: "Starting" });
      try {
        await openTrial(wanted.model, wanted.adapters, wanted.target, onAnswer);
      } catch (thrown) {
        if (turn.current !== own) return;
        waiting.current = null;
        setState(notLoaded);
        setError(toAppError(thrown));
        pass({ answer: "closed", message: null });
      }
    },
    [pass],
  );

  /** Loads models in place of others, whose answers then end. */
  const loadNow = async (wanted: Chosen) => {
    waiting.current = null;
    pass({ answer: "closed", message: null });
    await load(wanted);
  };

  const unload = async () => {
    turn.current++;
    waiting.current = null;
    setState(notLoaded);
    pass({ answer: "closed", message: null });
    try {
      await closeTrial();
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };

  /** Does something once these models are loaded, and loads them first if they are not. */
  const whenLoaded = async (wanted: Chosen, go: () => void) => {
    setError(null);
    if (state.phase === "ready" && isSame(state.loaded, wanted)) return go();
    waiting.current = go;
    if (state.phase !== "loading" || !isSame(state.loaded, wanted)) await load(wanted);
  };

  const isReady = (wanted: Chosen) => state.phase === "ready" && isSame(state.loaded, wanted);
  return { state, error, setError, load: loadNow, unload, whenLoaded, listen, isReady };
}
