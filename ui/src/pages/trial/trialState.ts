// The state of a trial, by the events of its worker.
import type { TrialAnswer } from "../../bindings";

export type Loaded = { model: string; adapters: string[] };

export type TargetAnswer = {
  text: string;
  done: {
    inputTokens: number | null;
    outputTokens: number | null;
    seconds: number | null;
    cancelled: boolean;
  } | null;
};

export type TrialState = {
  phase: "none" | "loading" | "ready" | "gone";
  /** The models that are loaded or being loaded. */
  loaded: Loaded | null;
  /** The step of the loading, for display. */
  message: string | null;
  /** The id of the question that is being answered. */
  asking: string | null;
  /** The targets of the last question. */
  targets: string[];
  answers: Record<string, TargetAnswer>;
  error: { message: string; hint: string | null } | null;
};

export const noTrial: TrialState = {
  phase: "none",
  loaded: null,
  message: null,
  asking: null,
  targets: [],
  answers: {},
  error: null,
};

const nothing: TargetAnswer = { text: "", done: null };

export function afterEvent(state: TrialState, event: TrialAnswer): TrialState {
  switch (event.answer) {
    case "status":
      return { ...state, phase: event.status === "ready" ? "ready" : "loading", message: event.message };
    case "closed":
      return {
        ...state,
        phase: "gone",
        loaded: null,
        asking: null,
        message: null,
        error: event.message
          ? { message: `The model is no longer loaded: ${event.message}`, hint: "Load it again." }
          : state.error,
      };
    case "error": {
      const error = { message: event.message, hint: event.hint };
      // An error without a question is one of the loading.
      return event.id === null
        ? {
            ...state,
            error,
            asking: null,
            phase: state.phase === "loading" ? "none" : state.phase,
            loaded: state.phase === "loading" ? null : state.loaded,
          }
        : event.id === state.asking
          ? { ...state, error, asking: null }
          : state;
    }
    case "finished":
      return event.id === state.asking ? { ...state, asking: null } : state;
    case "text":
      return event.id === state.asking
        ? withAnswer(state, event.target, (answer) => ({ ...answer, text: answer.text + event.text }))
        : state;
    case "done":
      return event.id === state.asking
        ? withAnswer(state, event.target, (answer) => ({
            ...answer,
            done: {
              inputTokens: event.input_tokens,
              outputTokens: event.output_tokens,
              seconds: event.latency,
              cancelled: event.cancelled === true,
            },
          }))
        : state;
  }
}

function withAnswer(
  state: TrialState,
  target: string,
  change: (answer: TargetAnswer) => TargetAnswer,
): TrialState {
  return { ...state, answers: { ...state.answers, [target]: change(state.answers[target] ?? nothing) } };
}
