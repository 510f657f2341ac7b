import { expect, test } from "vitest";
import type { TrialConversation } from "../../../bindings";
import {
  type Answer,
  ended,
  pending,
  type Request,
  type Turn,
  withAnswer,
  withOtherAnswers,
  withOtherQuestion,
  withOtherText,
  withQuestion,
  withToolResults,
} from "./conversation";
import { beginningOf, messagesOf, plainText } from "./messages";

const targets = ["base", "one"];
const done: Answer["done"] = { inputTokens: 9, outputTokens: 2, seconds: 1, cancelled: false, cut: null };
const idOf = (requests: Request[], target: string) => requests.find((one) => one.target === target)?.id ?? "";

/** The conversation in which each model answers with its name and a text. */
function answered({ turns, requests }: { turns: Turn[]; requests: Request[] }, text: string): Turn[] {
  return requests.reduce(
    (all, { id, target }) =>
      withAnswer(all, id, (answer) => ({ ...answer, text: `${target} ${text}`, done })),
    turns,
  );
}
const ask = (turns: Turn[], question: string, text: string) =>
  answered(withQuestion(turns, question, null, targets), text);
const said = (turns: Turn[], target: string) =>
  messagesOf(turns, target, "").map(({ role, content }) => `${role}: ${content}`);

test("each model continues with its own answers, and what is awaited is not among them", () => {
  const first = ask([], "Hi", "hello");
  const { turns, requests } = withQuestion(first, "And now?", null, targets);
  expect(pending(turns).map(({ id }) => id)).toEqual(requests.map(({ id }) => id));
  for (const target of targets)
    expect(said(turns, target)).toEqual(["user: Hi", `assistant: ${target} hello`, "user: And now?"]);
  expect(messagesOf(turns, "base", "Be brief.")[0]).toEqual({ role: "system", content: "Be brief." });
});

test("an answer is given again by one model, and the other keeps its own", () => {
  const turns = ask([], "Hi", "hello");
  const again = withOtherAnswers(turns, ["one"]);
  expect(said(again.turns, "one")).toEqual(["user: Hi"]);
  expect(said(answered(again, "hey"), "one")).toEqual(["user: Hi", "assistant: one hey"]);
  expect(said(answered(again, "hey"), "base")).toEqual(["user: Hi", "assistant: base hello"]);
});

test("another question cuts what followed the old one", () => {
  const turns = ask(ask(ask([], "1", "a"), "2", "b"), "3", "c");
  const other = withOtherQuestion(turns, turns[1]?.id ?? "", "two", targets);
  expect(said(other.turns, "base")).toEqual(["user: 1", "assistant: base a", "user: two"]);
});

test("another text in place of an answer cuts what followed it, and the other model keeps its own", () => {
  const turns = ask(ask([], "1", "a"), "2", "b");
  const answer = turns[0]?.steps.one?.[0]?.id ?? "";
  const changed = withOtherText(turns, turns[0]?.id ?? "", "one", answer, "mine");
  expect(said(changed, "one")).toEqual(["user: 1", "assistant: mine"]);
  expect(said(changed, "base")).toEqual(["user: 1", "assistant: base a"]);
});

test("a tool answers the model that called it, by the id of the call", () => {
  const asked = withQuestion([], "Where is 7?", null, targets);
  const call = '<tool_call>{"name": "find", "arguments": {"n": 7}}</tool_call>';
  const called = withAnswer(answered(asked, "knows"), idOf(asked.requests, "one"), (answer) => ({
    ...answer,
    text: `Let me see.\n${call}`,
  }));
  const { turns, requests } = withToolResults(called, "one", [{ name: "find", text: "here" }]);
  expect(requests).toHaveLength(1);
  const [, assistant, tool] = messagesOf(turns, "one", "");
  const [made] = (assistant?.tool_calls ?? []) as { id: string }[];
  expect(assistant?.content).toBe("Let me see.");
  expect(made).toMatchObject({ type: "function", function: { name: "find", arguments: { n: 7 } } });
  expect(made?.id).toMatch(/^[a-zA-Z0-9]{9}$/);
  expect(tool).toEqual({ role: "tool", name: "find", content: "here", tool_call_id: made?.id });
  expect(said(turns, "base")).toEqual(["user: Where is 7?", "assistant: base knows"]);
});

test("turns in which a model failed or was stopped before a word are left out of its conversation", () => {
  const asked = withQuestion([], "1", null, targets);
  const failed = withAnswer(asked.turns, idOf(asked.requests, "one"), (answer) => ({
    ...answer,
    problem: { message: "It no longer fits.", hint: null },
  }));
  const stopped = ended(failed);
  expect(pending(stopped)).toEqual([]);
  const { turns } = withQuestion(stopped, "2", null, targets);
  for (const target of targets) expect(said(turns, target)).toEqual(["user: 2"]);
  // So are turns before a model was chosen.
  expect(said(ask(turns, "3", "c"), "two")).toEqual([]);
});

test("reasoning goes back as it was written, with the mark that the prompt opened it by", () => {
  const asked = withQuestion([], "1", null, ["base"]);
  const turns = withAnswer(asked.turns, idOf(asked.requests, "base"), (answer) => ({
    ...answer,
    prompt: "<assistant><think>\n",
    text: "Well.\n</think>\n\nYes.",
    done,
  }));
  expect(said(turns, "base")[1]).toBe("assistant: <think>\nWell.\n</think>\n\nYes.");
});

test("a row of a dataset begins a conversation, up to its last question", () => {
  const call = { type: "function", id: "x", function: { name: "find", arguments: { n: 7 } } };
  const messages: TrialConversation["messages"] = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Where is 7?" },
    { role: "assistant", content: "", tool_calls: [call] },
    { role: "tool", name: "find", content: "here" },
    { role: "assistant", content: "Here." },
    { role: "user", content: "And 8?" },
    { role: "assistant", content: "There." },
  ];
  const { system, turns, question, expected } = beginningOf({ messages }, targets);
  expect([system, question, expected]).toEqual(["Be brief.", "And 8?", "There."]);
  const again = messagesOf(ask(turns, question, "knows"), "one", system);
  const bare = again.map(({ role, content }) => [role, content]);
  expect(bare.slice(0, -1)).toEqual(messages.slice(0, -1).map(({ role, content }) => [role, content]));
  expect(again[2]?.tool_calls).toMatchObject([{ function: call.function }]);
  expect(plainText(again).split("\n\n")[1]).toBe("User: Where is 7?");
  expect(beginningOf({ messages: messages.slice(0, 2) }, targets).expected).toBeNull();
});
