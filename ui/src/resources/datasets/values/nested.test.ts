import { expect, test } from "vitest";
import { firstWords, messagesOf, summary } from "./nested";

test("a conversation is recognized in both ways of writing it, gaps and all", () => {
  expect(
    messagesOf([
      { from: "human", value: "Hi" },
      { from: "gpt", value: "Hello", weight: 1 },
      { from: "human" },
    ]),
  ).toEqual([
    { role: "human", content: "Hi", rest: {} },
    { role: "gpt", content: "Hello", rest: { weight: 1 } },
    { role: "human", content: null, rest: {} },
  ]);
  expect(messagesOf([{ role: "user", content: "Hi" }, { content: "Hello" }, { role: "assistant" }])).toEqual([
    { role: "user", content: "Hi", rest: {} },
    { role: null, content: "Hello", rest: {} },
    { role: "assistant", content: null, rest: {} },
  ]);
  expect(messagesOf([])).toBeNull();
  expect(messagesOf(["Hi", "Hello"])).toBeNull();
  expect(messagesOf([{ role: "admin", name: "Ada" }])).toBeNull();
  expect(messagesOf({ role: "user", content: "Hi" })).toBeNull();
});

test("a nested value is summed up by how much is in it and its first words", () => {
  const chat = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hi" },
  ];
  expect(summary(chat)).toBe("2 messages");
  expect(firstWords(chat)).toBe("Hi");
  expect(summary([1])).toBe("1 item");
  expect(summary({})).toBe("0 fields");
  expect(firstWords({ a: null, b: ["", { c: "deep" }] })).toBe("deep");
  expect(firstWords([])).toBe("");
});
