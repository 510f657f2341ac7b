import { useEffect, useRef } from "react";
import { toAppError } from "../../../api/errors";
import { cancelTrial, converse } from "../../../api/trial";
import type { Row, TrialAnswer } from "../../../bindings";
import type { Chosen } from "../loading";
import { measuredOf } from "../prompt/answers";
import { useKept } from "../useKept";
import type { Trial } from "../useTrial";
import {
  type Asked,
  ended,
  pending,
  type Turn,
  withAnswer,
  withOtherAnswers,
  withOtherQuestion,
  withOtherText,
  withQuestion,
  withToolResults,
} from "./conversation";
import { messagesOf } from "./messages";

export type Chat = ReturnType<typeof useChat>;

type Setup = { wanted: Chosen; targets: string[]; system: string; tools: Row[]; generation: Row };

/** Holds a conversation with all models that are tried. */
export function useChat(trial: Trial, setup: Setup, anew: boolean) {
  const [turns, setTurns] = useKept<Turn[]>("turns", [], anew);
  /** The same at once, for answers that come one after another. */
  const current = useRef(turns);
  const put = useRef((next: Turn[]) => {
    current.current = next;
    setTurns(next);
  }).current;
  const { listen, setError } = trial;
  const { targets } = setup;

  // What was awaited when the page was left is not any more.
  useEffect(() => put(ended(current.current)), [put]);
  useEffect(() => listen((event) => put(afterEvent(current.current, event))), [listen, put]);

  const fail = (id: string, thrown: unknown) => {
    const { message, hint } = toAppError(thrown);
    put(withAnswer(current.current, id, (answer) => ({ ...answer, problem: { message, hint } })));
  };

  const request = async ({ requests }: Asked, { system, tools, generation }: Setup) => {
    // The worker answers in this order.
    for (const { id, target } of requests) {
      const isAwaited = pending(current.current).some((answer) => answer.id === id);
      if (!isAwaited) continue;
      const messages = messagesOf(current.current, target, system);
      try {
        const prompt = await converse(id, target, { messages, tools }, generation);
        put(withAnswer(current.current, id, (answer) => ({ ...answer, prompt })));
      } catch (thrown) {
        fail(id, thrown);
      }
    }
  };

  const ask = (asked: Asked) => {
    put(asked.turns);
    void trial.whenLoaded(setup.wanted, () => void request(asked, setup));
  };

  const stop = async () => {
    const awaited = pending(current.current);
    if (trial.state.phase !== "ready") return put(ended(current.current));
    try {
      for (const { id } of awaited) await cancelTrial(id);
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };

  return {
    turns,
    running: pending(turns).length > 0,
    stop,
    say: (text: string, expected: string | null) =>
      ask(withQuestion(current.current, text, expected, targets)),
    sayOtherwise: (turn: string, text: string) =>
      ask(withOtherQuestion(current.current, turn, text, targets)),
    answerAgain: (some: string[]) => ask(withOtherAnswers(current.current, some)),
    answerTools: (target: string, results: { name: string; text: string }[]) =>
      ask(withToolResults(current.current, target, results)),
    rewrite: (turn: string, target: string, answer: string, text: string) =>
      put(withOtherText(current.current, turn, target, answer, text)),
    begin: (beginning: Turn[]) => put(beginning),
  };
}

function afterEvent(turns: Turn[], event: TrialAnswer): Turn[] {
  switch (event.answer) {
    case "text":
      return withAnswer(turns, event.id, (answer) => ({ ...answer, text: answer.text + event.text }));
    case "done":
      return withAnswer(turns, event.id, (answer) => ({ ...answer, done: measuredOf(event) }));
    case "error": {
      const { id, message, hint } = event;
      if (id === null) return ended(turns);
      return withAnswer(turns, id, (answer) => ({ ...answer, problem: { message, hint } }));
    }
    case "closed":
      return ended(turns);
    default:
      return turns;
  }
}
