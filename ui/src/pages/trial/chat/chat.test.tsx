import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TrialAnswer } from "../../../bindings";
import type { HostWindow } from "../../../testing/host/window";
import { openStudio } from "../../../testing/open";

const TEMPLATE =
  "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}" +
  "{% if tools %}[{{ tools[0].function.name }}]{% endif %}" +
  "{% if add_generation_prompt %}<|assistant|>{% endif %}";

type Asked = { request: string; id: string; prompt: string; targets: string[]; rendered: boolean };

/** The questions after the request that loads the models. */
function questions(host: HostWindow): Asked[] {
  const path = join(host.folder, "asked.jsonl");
  const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  return lines.map((line) => JSON.parse(line)).filter(({ request }) => request === "generate");
}
const write = (host: HostWindow, line: TrialAnswer) =>
  appendFileSync(join(host.folder, "answers.jsonl"), `${JSON.stringify(line)}\n`);

/** The worker answers a question in one piece. */
function answer(host: HostWindow, { id, targets: [target = ""] }: Asked, text: string, more = {}) {
  write(host, { answer: "text", id, target, text });
  const measured = { input_tokens: 60, output_tokens: 20, latency: 2, cancelled: false };
  write(host, { answer: "done", id, target, ...measured, ...more });
  write(host, { answer: "finished", id });
}

/** Try it with a model that has a chat template, and an adapter of it. */
async function opened() {
  const page = await openStudio("/try", "empty", async (host) => {
    const made = { model: join(host.folder, "tiny"), adapter: join(host.folder, "kind") };
    for (const folder of Object.values(made)) mkdirSync(folder);
    const write = (path: string, value: unknown) => writeFileSync(path, JSON.stringify(value));
    write(join(made.model, "config.json"), { architectures: ["LlamaForCausalLM"], model_type: "llama" });
    writeFileSync(join(made.model, "chat_template.jinja"), TEMPLATE);
    writeFileSync(join(made.model, "model.safetensors"), new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 123, 125]));
    write(join(made.adapter, "adapter_config.json"), { peft_type: "LORA", task_type: "CAUSAL_LM", r: 2 });
    writeFileSync(
      join(made.adapter, "adapter_model.safetensors"),
      new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 123, 125]),
    );
    const model = await host.core.create("models", { type: "project", name: "Tiny", location: made.model });
    const model_id = model.row.row.id ?? "";
    await host.core.create("adapters", { type: "project", name: "Kind", location: made.adapter, model_id });
  });
  const { user } = page;
  await user.click(await screen.findByRole("combobox", { name: /Base model/ }));
  await user.click(await screen.findByRole("option", { name: "Tiny" }));
  return page;
}

async function send(page: Awaited<ReturnType<typeof opened>>, text: string) {
  await page.user.click(screen.getByRole("textbox", { name: "Message" }));
  await page.user.keyboard(`${text}{Enter}`);
}

const asked = async (host: HostWindow, count: number) => {
  await waitFor(() => expect(questions(host)).toHaveLength(count));
  return questions(host).slice(-1)[0] as Asked;
};
const ready: TrialAnswer = { answer: "status", status: "ready", message: "Ready", context_length: 100 };
const columns = (name: string) => screen.getAllByRole("region", { name });
const loaded = async (host: HostWindow) => {
  await waitFor(() => expect(existsSync(join(host.folder, "asked.jsonl"))).toBe(true));
  write(host, ready);
};

test("each column continues with its own answers, rendered by the template", async () => {
  const page = await opened();
  const { host, user } = page;
  await user.click(screen.getByRole("combobox", { name: "Adapters" }));
  await user.click(await screen.findByRole("option", { name: "Kind" }));
  await user.type(screen.getByRole("textbox", { name: "System prompt" }), "Be brief.");
  await send(page, "Hi");
  await loaded(host);
  await asked(host, 2);
  const [first, second] = questions(host) as [Asked, Asked];
  const prompt = "<|system|>Be brief.<|end|><|user|>Hi<|end|><|assistant|>";
  expect(first).toMatchObject({ prompt, rendered: true, targets: ["base"] });
  expect(second.prompt).toBe(prompt);
  answer(host, first, "Hello");
  expect(await within(columns("Base model")[0] as HTMLElement).findByText("Hello")).toBeVisible();
  expect(within(columns("Kind")[0] as HTMLElement).getByLabelText("Answering")).toBeVisible();
  answer(host, second, "My **dear**");
  await waitFor(() => expect(screen.getByText("dear").tagName).toBe("STRONG"));
  expect(screen.getAllByText("80 of 100")).toHaveLength(2);
  expect(screen.getAllByText("60 tokens in · 20 out · 2.00 s · 10.0 tokens per second")).toHaveLength(2);
  await send(page, "And?");
  await asked(host, 4);
  const [, , third, fourth] = questions(host) as [Asked, Asked, Asked, Asked];
  const rest = "<|end|><|user|>And?<|end|><|assistant|>";
  expect(third.prompt).toBe(`<|system|>Be brief.<|end|><|user|>Hi<|end|><|assistant|>Hello${rest}`);
  expect(fourth.prompt).toBe(`<|system|>Be brief.<|end|><|user|>Hi<|end|><|assistant|>My **dear**${rest}`);
  answer(host, third, "one");
  answer(host, fourth, "two");
  // One column answers again; the other keeps its answer.
  await user.click(await screen.findByRole("button", { name: "Answer again: Kind" }));
  const again = await asked(host, 5);
  expect(again).toMatchObject({ prompt: fourth.prompt, targets: fourth.targets });
  answer(host, again, "three");
  expect(await screen.findByText("three")).toBeVisible();
  expect(screen.getByText("one")).toBeVisible();
  expect(screen.queryByText("two")).not.toBeInTheDocument();
});

test("the last message is edited by the arrow, and asked again", async () => {
  const page = await opened();
  const { host, user } = page;
  await send(page, "Hi");
  await loaded(host);
  answer(host, await asked(host, 1), "Hello");
  await screen.findByText("Hello");
  await send(page, "More");
  answer(host, await asked(host, 2), "No more");
  await screen.findByText("No more");
  await user.click(screen.getByRole("textbox", { name: "Message" }));
  await user.keyboard("{ArrowUp}");
  const field = await screen.findByRole("textbox", { name: "Your message" });
  expect(field).toHaveValue("More");
  await user.type(field, ", please");
  await user.click(screen.getByRole("button", { name: "Ask again" }));
  const { prompt } = await asked(host, 3);
  expect(prompt).toBe("<|user|>Hi<|end|><|assistant|>Hello<|end|><|user|>More, please<|end|><|assistant|>");
  expect(screen.queryByText("No more")).not.toBeInTheDocument();
});

test("an answer is rewritten, and what followed it is cut", async () => {
  const page = await opened();
  const { host, user } = page;
  await send(page, "Hi");
  await loaded(host);
  answer(host, await asked(host, 1), "Hello");
  await screen.findByText("Hello");
  await send(page, "More");
  answer(host, await asked(host, 2), "No more");
  await screen.findByText("No more");
  await user.click(screen.getAllByRole("button", { name: "Edit answer of Base model" })[0] as HTMLElement);
  const field = await screen.findByRole("textbox", { name: "Answer of Base model" });
  await user.clear(field);
  await user.type(field, "Good day");
  await user.click(screen.getByRole("button", { name: "Keep this answer" }));
  expect(screen.queryByText("More")).not.toBeInTheDocument();
  await send(page, "So?");
  const { prompt } = await asked(host, 3);
  expect(prompt).toBe("<|user|>Hi<|end|><|assistant|>Good day<|end|><|user|>So?<|end|><|assistant|>");
});

test("Escape stops, Shift and Enter begin a line, and the end is announced once", async () => {
  const page = await opened();
  const { host, user } = page;
  await user.click(screen.getByRole("textbox", { name: "Message" }));
  await user.keyboard("One{Shift>}{Enter}{/Shift}two{Enter}");
  await loaded(host);
  const question = await asked(host, 1);
  expect(question.prompt).toBe("<|user|>One\ntwo<|end|><|assistant|>");
  write(host, { answer: "text", id: question.id, target: "base", text: "In the beginning" });
  await screen.findByText("In the beginning");
  const announced = () => screen.getAllByRole("status").map(({ textContent }) => textContent);
  expect(announced()).toContain("Answering.");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(host.calls.some(({ command }) => command === "cancel_trial")).toBe(true));
  answer(host, question, "", { cancelled: true });
  expect(await screen.findByText(/^Stopped/)).toBeVisible();
  expect(announced()).toContain("Tiny: In the beginning");
});

test("a tool is called, and answers in its role", async () => {
  const page = await opened();
  const { host, user } = page;
  await user.click(screen.getByRole("switch", { name: "Offer tools" }));
  await send(page, "Where is 7?");
  await loaded(host);
  const first = await asked(host, 1);
  expect(first.prompt).toContain("[find_ticket]");
  answer(host, first, '<tool_call>{"name": "find_ticket", "arguments": {"number": 7}}</tool_call>');
  const call = await screen.findByRole("region", { name: "Call of find_ticket" });
  expect(within(call).getByText("number")).toBeVisible();
  await user.type(screen.getByRole("textbox", { name: "Result of find_ticket" }), "Row 3");
  await user.click(screen.getByRole("button", { name: "Send the result" }));
  const { prompt } = await asked(host, 2);
  expect(prompt).toContain("<|tool|>Row 3<|end|>");
});

test("why a model can't answer is said in its place, and the conversation goes on without that turn", async () => {
  const page = await opened();
  const { host } = page;
  await send(page, "Hi");
  await loaded(host);
  const { id } = await asked(host, 1);
  const message =
    "The conversation has 120 tokens and no longer fits: the model reads and writes 100 tokens in all.";
  write(host, {
    answer: "error",
    id,
    message,
    hint: "Start a new conversation, or shorten an earlier turn.",
  });
  expect(await screen.findByText(message)).toBeVisible();
  await send(page, "Again");
  expect((await asked(host, 2)).prompt).toBe("<|user|>Again<|end|><|assistant|>");
});

test("a conversation begins with a row of a dataset, and is saved as one", async () => {
  const page = await opened();
  const { host, user } = page;
  const rows = join(host.folder, "rows.jsonl");
  const messages = ["Hi", "Hello", "And 8?", "There."].map((content, at) => ({
    role: at % 2 ? "assistant" : "user",
    content,
  }));
  writeFileSync(rows, `${JSON.stringify({ messages })}\n`);
  await host.core.create("datasets", { type: "project_jsonl", name: "Rows", location: rows });
  await user.click(screen.getByRole("combobox", { name: "Begin with a row of a dataset" }));
  await user.click(await screen.findByRole("option", { name: "Rows" }));
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Message" })).toHaveValue("And 8?"));
  expect(screen.getByText("There.")).toBeVisible();
  await user.click(screen.getByRole("textbox", { name: "Message" }));
  await user.keyboard("{Enter}");
  await loaded(host);
  const question = await asked(host, 1);
  expect(question.prompt).toBe(
    "<|user|>Hi<|end|><|assistant|>Hello<|end|><|user|>And 8?<|end|><|assistant|>",
  );
  answer(host, question, "There.");
  expect(await screen.findByText("As expected")).toBeVisible();
  const saved = join(host.folder, "held.jsonl");
  host.nextPick(saved);
  await user.click(screen.getByRole("button", { name: "Conversation with Base model" }));
  await user.click(await screen.findByRole("menuitem", { name: "Save conversation…" }));
  await waitFor(() => expect(existsSync(saved)).toBe(true));
  expect(JSON.parse(readFileSync(saved, "utf8"))).toEqual({ messages });
});

test("a conversation is there again after another page was shown", async () => {
  const page = await opened();
  const { host, router } = page;
  await send(page, "Hi");
  await loaded(host);
  answer(host, await asked(host, 1), "Hello");
  await screen.findByText("Hello");
  await router.navigate({ to: "/" });
  await waitFor(() => expect(screen.queryByText("Hello")).not.toBeInTheDocument());
  await router.navigate({ to: "/try" });
  expect(await screen.findByText("Hello")).toBeVisible();
  expect(screen.getByRole("combobox", { name: /Base model/ })).toHaveValue("Tiny");
  expect(await screen.findByText("Not loaded")).toBeVisible();
  // Another model is asked for: the conversation was not held with it.
  await router.navigate({ to: "/" });
  await router.navigate({ to: "/try", search: { adapter: "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544" } });
  await screen.findByRole("textbox", { name: "Message" });
  expect(screen.queryByText("Hello")).not.toBeInTheDocument();
});
