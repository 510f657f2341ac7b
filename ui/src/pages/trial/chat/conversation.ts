// A conversation with several models at once: what the person says goes to all of them, and each continues
// with its own answers. Functions return a changed copy.
import type { Cut } from "../../../bindings";

export type Problem = { message: string; hint: string | null };

export type Measured = {
  inputTokens: number | null;
  outputTokens: number | null;
  seconds: number | null;
  cancelled: boolean;
  cut: Cut | null;
};

/** What a model answers. */
export type Answer = {
  kind: "answer";
  /** The id of its request. */
  id: string;
  text: string;
  /** The exact text that the model reads; null until it is known, and for answers of others. */
  prompt: string | null;
  /** Its measurements once it has ended; null before. */
  done: Measured | null;
  problem: Problem | null;
  /** Whether the text is not what the model said, but what the person or a dataset wrote. */
  written: boolean;
};

/** What a tool gave back to one of the models. */
export type ToolResult = { kind: "tool"; id: string; name: string; text: string };

export type Step = Answer | ToolResult;

/** What the person says, and what follows it with each model. */
export type Turn = {
  id: string;
  /** Null where a conversation of a dataset begins with an answer. */
  text: string | null;
  steps: Record<string, Step[]>;
  /** The answer that a dataset has. */
  expected: string | null;
};

/** A request for an answer. */
export type Request = { id: string; target: string };

const given: Measured = {
  inputTokens: null,
  outputTokens: null,
  seconds: null,
  cancelled: false,
  cut: null,
};

const awaited = (id: string): Answer => ({
  kind: "answer",
  id,
  text: "",
  prompt: null,
  done: null,
  problem: null,
  written: false,
});

/** An answer that nobody has to be asked for. */
export const writtenAnswer = (text: string): Answer => ({
  ...awaited(crypto.randomUUID()),
  text,
  done: given,
  written: true,
});

const requestsFor = (targets: string[]): Request[] =>
  targets.map((target) => ({ id: crypto.randomUUID(), target }));

export type Asked = { turns: Turn[]; requests: Request[] };

const answersTo = (requests: Request[]) =>
  Object.fromEntries(requests.map(({ id, target }) => [target, [awaited(id)]]));

/** The conversation with one more question to all models. */
export function withQuestion(turns: Turn[], text: string, expected: string | null, targets: string[]): Asked {
  const requests = requestsFor(targets);
  const turn = { id: crypto.randomUUID(), text, steps: answersTo(requests), expected };
  return { turns: [...turns, turn], requests };
}

/** The conversation up to a question that is asked anew in other words. */
export function withOtherQuestion(turns: Turn[], id: string, text: string, targets: string[]): Asked {
  const at = turns.findIndex((turn) => turn.id === id);
  const same = turns[at]?.text === text;
  return withQuestion(turns.slice(0, at), text, same ? (turns[at]?.expected ?? null) : null, targets);
}

/** The conversation whose last answers are given once more. */
export function withOtherAnswers(turns: Turn[], targets: string[]): Asked {
  const requests = requestsFor(targets);
  const next = changedLast(turns, (turn) => {
    const steps = { ...turn.steps };
    for (const { id, target } of requests) {
      const before = steps[target] ?? [];
      const kept = before.at(-1)?.kind === "answer" ? before.slice(0, -1) : before;
      steps[target] = [...kept, awaited(id)];
    }
    return { ...turn, steps };
  });
  return { turns: next, requests };
}

/** The conversation in which tools have answered one of the models, which goes on. */
export function withToolResults(
  turns: Turn[],
  target: string,
  results: { name: string; text: string }[],
): Asked {
  const requests = requestsFor([target]);
  const tools = results.map((result): ToolResult => ({ kind: "tool", id: crypto.randomUUID(), ...result }));
  const next = changedLast(turns, (turn) => ({
    ...turn,
    steps: {
      ...turn.steps,
      [target]: [...(turn.steps[target] ?? []), ...tools, ...requests.map(({ id }) => awaited(id))],
    },
  }));
  return { turns: next, requests };
}

/** The conversation with another text in place of an answer, and without what followed it. */
export function withOtherText(turns: Turn[], turn: string, target: string, id: string, text: string): Turn[] {
  const at = turns.findIndex((one) => one.id === turn);
  return changedLast(turns.slice(0, at + 1), (last) => {
    const steps = last.steps[target] ?? [];
    const place = steps.findIndex((step) => step.id === id);
    const answer = writtenAnswer(text);
    return { ...last, steps: { ...last.steps, [target]: [...steps.slice(0, place), answer] } };
  });
}

const changedLast = (turns: Turn[], change: (turn: Turn) => Turn): Turn[] =>
  turns.map((turn, at) => (at === turns.length - 1 ? change(turn) : turn));

/** The conversation with a change of the answer to a request. */
export function withAnswer(turns: Turn[], id: string, change: (answer: Answer) => Answer): Turn[] {
  // Answers that are still awaited are in the last turn.
  return changedLast(turns, (turn) => {
    const found = Object.entries(turn.steps).find(([, steps]) => steps.some((step) => step.id === id));
    if (!found) return turn;
    const steps = found[1].map((step) => (step.kind === "answer" && step.id === id ? change(step) : step));
    return { ...turn, steps: { ...turn.steps, [found[0]]: steps } };
  });
}

/** The answers that have not ended. */
export const pending = (turns: Turn[]): Answer[] =>
  Object.values(turns.at(-1)?.steps ?? {})
    .flat()
    .filter((step): step is Answer => step.kind === "answer" && !step.done && !step.problem);

/** The conversation in which nothing is awaited any more. */
export const ended = (turns: Turn[]): Turn[] =>
  pending(turns).reduce(
    (all, { id }) => withAnswer(all, id, (answer) => ({ ...answer, done: { ...given, cancelled: true } })),
    turns,
  );

/** Whether a model took part in a turn: an answer that failed, or was stopped before its first word, is none. */
export function tookPart(steps: Step[] | undefined): steps is Step[] {
  const last = steps?.at(-1);
  if (!last) return false;
  return last.kind === "tool" || last.text !== "" || (last.done !== null && !last.done.cancelled);
}
