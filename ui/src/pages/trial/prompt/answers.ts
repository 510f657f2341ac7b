// The answers to a prompt, by the answers of the worker.
import type { TrialAnswer } from "../../../bindings";
import type { Measured, Problem } from "../chat/conversation";

export type TargetAnswer = { text: string; done: Measured | null };

export type AnswersState = {
  /** The id of the question that is being answered. */
  asking: string | null;
  /** The targets of the last question. */
  targets: string[];
  answers: Record<string, TargetAnswer>;
  error: Problem | null;
};

export const noAnswers: AnswersState = { asking: null, targets: [], answers: {}, error: null };

const nothing: TargetAnswer = { text: "", done: null };

export function afterAnswer(state: AnswersState, event: TrialAnswer): AnswersState {
  if (event.answer === "closed") return { ...state, asking: null };
  if (event.answer === "status" || event.id === null || event.id !== state.asking) return state;
  switch (event.answer) {
    case "error":
      return { ...state, error: { message: event.message, hint: event.hint }, asking: null };
    case "finished":
      return { ...state, asking: null };
    case "text":
      return withAnswer(state, event.target, (answer) => ({ ...answer, text: answer.text + event.text }));
    case "done":
      return withAnswer(state, event.target, (answer) => ({ ...answer, done: measuredOf(event) }));
  }
}

export const measuredOf = (event: Extract<TrialAnswer, { answer: "done" }>): Measured => ({
  inputTokens: event.input_tokens,
  outputTokens: event.output_tokens,
  seconds: event.latency,
  cancelled: event.cancelled === true,
  cut: event.cut ?? null,
});

function withAnswer(
  state: AnswersState,
  target: string,
  change: (answer: TargetAnswer) => TargetAnswer,
): AnswersState {
  return { ...state, answers: { ...state.answers, [target]: change(state.answers[target] ?? nothing) } };
}
