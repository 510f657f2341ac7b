// Whether a model and its adapters are loaded, by the answers of their worker.
import type { TrialAnswer } from "../../bindings";

/** What is loaded, and the compute target on which; null for this machine. */
export type Chosen = { model: string; adapters: string[]; target: string | null };

export type LoadingState = {
  phase: "none" | "loading" | "ready" | "gone";
  /** The models that are loaded or being loaded. */
  loaded: Chosen | null;
  /** The step of the loading, for display. */
  message: string | null;
  /** The most tokens that the model reads and writes together, if it has a limit. */
  contextLength: number | null;
  error: { message: string; hint: string | null } | null;
};

export const notLoaded: LoadingState = {
  phase: "none",
  loaded: null,
  message: null,
  contextLength: null,
  error: null,
};

export function afterStatus(state: LoadingState, event: TrialAnswer): LoadingState {
  switch (event.answer) {
    case "status":
      return {
        ...state,
        phase: event.status === "ready" ? "ready" : "loading",
        message: event.message,
        contextLength: event.context_length ?? state.contextLength,
      };
    case "closed":
      return {
        ...notLoaded,
        phase: "gone",
        error: event.message
          ? { message: `The model is no longer loaded: ${event.message}`, hint: "Load it again." }
          : state.error,
      };
    case "error": {
      // An error without a question is one of the loading.
      if (event.id !== null) return state;
      const error = { message: event.message, hint: event.hint };
      return state.phase === "loading" ? { ...notLoaded, error } : { ...state, error };
    }
    default:
      return state;
  }
}

export const isSame = (a: Chosen | null, b: Chosen) =>
  a !== null && a.model === b.model && a.adapters.join() === b.adapters.join() && a.target === b.target;
