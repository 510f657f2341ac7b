import { expect, test } from "vitest";
import { answerParts, callsOf } from "./answerParts";

const call = { name: "find_ticket", arguments: { number: 7 } };
const json = JSON.stringify(call);

test("a text is one part, exactly as it is", () => {
  for (const text of ["Hello", "  Two\n\nlines ", '{"a": 1}', "[1, 2]", "<b>", "1 < 2 > 0"])
    expect(answerParts(text)).toEqual([{ kind: "text", text }]);
  expect(answerParts(" \n")).toEqual([]);
});

test("calls are recognized in each usual form", () => {
  const forms = [
    `<tool_call>\n${json}\n</tool_call>`,
    `<tool_call>${json}</tool_call>`,
    json,
    `[${json}]`,
    JSON.stringify({ name: call.name, parameters: call.arguments }),
    JSON.stringify({ type: "function", function: call }),
    JSON.stringify({ ...call, arguments: JSON.stringify(call.arguments) }),
  ];
  for (const form of forms) expect(answerParts(form), form).toEqual([{ kind: "call", call }]);
  expect(callsOf(answerParts(`<tool_call>${json}</tool_call>\n<tool_call>${json}</tool_call>`))).toHaveLength(
    2,
  );
  expect(answerParts(`I look it up.\n<tool_call>${json}</tool_call>`)).toEqual([
    { kind: "text", text: "I look it up.\n" },
    { kind: "call", call },
  ]);
});

test("what only looks like a call stays text", () => {
  for (const text of [`<tool_call>${json}`, "<tool_call>{oh</tool_call>", '{"name": "x"}', `[${json}, 1]`])
    expect(answerParts(text), text).toEqual([{ kind: "text", text }]);
});

test("reasoning is apart, whoever opened it", () => {
  const parts = [
    { kind: "reasoning", text: "It is late.", open: false },
    { kind: "text", text: "\n\nGood night." },
  ];
  expect(answerParts("<think>\nIt is late.\n</think>\n\nGood night.")).toEqual(parts);
  expect(answerParts("It is late.\n</think>\n\nGood night.", "<assistant><think>\n")).toEqual(parts);
  expect(answerParts("It is late.\n</think>\n\nGood night.")).toEqual(parts);
  expect(answerParts("It is la", "<assistant><think>\n")).toEqual([
    { kind: "reasoning", text: "It is la", open: true },
  ]);
  expect(answerParts("<think>\n\n</think>\n\nNothing to think.")).toEqual([
    { kind: "text", text: "\n\nNothing to think." },
  ]);
  const quoted = "One writes <think> and </think>.";
  expect(answerParts(quoted)).toEqual([{ kind: "text", text: quoted }]);
});
