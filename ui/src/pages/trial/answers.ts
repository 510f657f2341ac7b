// What was heard of a worker so far, by what it said last.
import type { TrialAnswer } from "../../bindings";

export type Loaded = { model: string; adapters: string[] };

export type Said = {
  text: string;
  done: {
    inputTokens: number | null;
    outputTokens: number | null;
    seconds: number | null;
    cancelled: boolean;
  } | null;
};

export type Heard = {
  phase: "none" | "loading" | "ready" | "gone";
  /** What is loaded, or being loaded. */
  loaded: Loaded | null;
  /** What it is at, in words. */
  message: string | null;
  /** The question that is being answered. */
  asking: string | null;
  /** Who was asked last. */
  targets: string[];
  answers: Record<string, Said>;
  error: { message: string; hint: string | null } | null;
};

export const nothingHeard: Heard = {
  phase: "none",
  loaded: null,
  message: null,
  asking: null,
  targets: [],
  answers: {},
  error: null,
};

const nothing: Said = { text: "", done: null };

export function answered(heard: Heard, told: TrialAnswer): Heard {
  switch (told.answer) {
    case "status":
      return { ...heard, phase: told.status === "ready" ? "ready" : "loading", message: told.message };
    case "closed":
      return {
        ...heard,
        phase: "gone",
        loaded: null,
        asking: null,
        message: null,
        error: told.message
          ? { message: `The model is no longer loaded: ${told.message}`, hint: "Load it again." }
          : heard.error,
      };
    case "error": {
      const error = { message: told.message, hint: told.hint };
      // One that is about no question is about loading.
      return told.id === null
        ? {
            ...heard,
            error,
            asking: null,
            phase: heard.phase === "loading" ? "none" : heard.phase,
            loaded: heard.phase === "loading" ? null : heard.loaded,
          }
        : told.id === heard.asking
          ? { ...heard, error, asking: null }
          : heard;
    }
    case "finished":
      return told.id === heard.asking ? { ...heard, asking: null } : heard;
    case "text":
      return told.id === heard.asking
        ? withAnswer(heard, told.target, (said) => ({ ...said, text: said.text + told.text }))
        : heard;
    case "done":
      return told.id === heard.asking
        ? withAnswer(heard, told.target, (said) => ({
            ...said,
            done: {
              inputTokens: told.input_tokens,
              outputTokens: told.output_tokens,
              seconds: told.latency,
              cancelled: told.cancelled === true,
            },
          }))
        : heard;
  }
}

function withAnswer(heard: Heard, target: string, change: (said: Said) => Said): Heard {
  return { ...heard, answers: { ...heard.answers, [target]: change(heard.answers[target] ?? nothing) } };
}
