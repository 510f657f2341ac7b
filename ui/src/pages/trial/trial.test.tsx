import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TrialAnswer } from "../../bindings";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { gpuBox } from "../../testing/targets";

const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";
/** What the worker of the trial says. */
const answer = (host: HostWindow, line: TrialAnswer | { exit: string }) =>
  appendFileSync(join(host.folder, "answers.jsonl"), `${JSON.stringify(line)}\n`);
/** The requests after the one that loads the models. */
function questions(host: HostWindow): { id: string; prompt: string; targets: string[] }[] {
  const path = join(host.folder, "asked.jsonl");
  const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  return lines.map((line) => JSON.parse(line)).filter(({ request }) => request === "generate");
}
const ready: TrialAnswer = { answer: "status", status: "ready", message: "Ready" };
const card = (name: string) => within(screen.getByRole("region", { name }));

async function asked(words: string) {
  const page = await openStudio(`/try?adapter=${adapter}`, "example");
  const { host, user } = page;
  await waitFor(() => expect(screen.getByRole("combobox", { name: /Base model/ })).toHaveValue("Gemma 3 1B"));
  await user.click(screen.getByRole("radio", { name: "Prompt" }));
  await user.type(screen.getByRole("textbox", { name: "Prompt" }), words);
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(existsSync(join(host.folder, "asked.jsonl"))).toBe(true));
  answer(host, { answer: "status", status: "model", message: "Loading google/gemma-3-1b-it" });
  expect(await screen.findByText("Loading google/gemma-3-1b-it")).toBeVisible();
  expect(questions(host)).toHaveLength(0);
  answer(host, ready);
  await waitFor(() => expect(questions(host)).toHaveLength(1));
  return { ...page, id: questions(host)[0]?.id ?? "" };
}

test("a question loads what is asked, and the answers stream side by side", async () => {
  const { host, id } = await asked("Cancel it");
  expect(questions(host)[0]).toMatchObject({ prompt: "Cancel it", targets: ["base", adapter] });
  expect(await screen.findByText("Loaded")).toBeVisible();
  answer(host, { answer: "text", id, target: "base", text: "I would " });
  answer(host, { answer: "text", id, target: "base", text: "like" });
  expect(await card("Base model").findByText("I would like")).toBeVisible();
  expect(await card("tickets-intent").findByText("Waiting")).toBeVisible();
  answer(host, {
    answer: "done",
    id,
    target: "base",
    input_tokens: 12,
    output_tokens: 3,
    latency: 0.6,
    cancelled: false,
  });
  expect(
    await card("Base model").findByText("12 tokens in · 3 out · 600 ms · 5.0 tokens per second"),
  ).toBeVisible();
  // An answer to another question is ignored.
  answer(host, { answer: "text", id: "other", target: adapter, text: "stray" });
  answer(host, { answer: "text", id, target: adapter, text: "cancel_ticket" });
  expect(await card("tickets-intent").findByText("cancel_ticket")).toBeVisible();
  answer(host, { answer: "finished", id });
  expect(await screen.findByRole("button", { name: /^Ask/ })).toBeVisible();
});

test("an answer can be stopped, and what was said of it stays", async () => {
  const { host, user, id } = await asked("Tell me everything");
  answer(host, { answer: "text", id, target: "base", text: "In the beginning" });
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  expect(host.calls.find(({ command }) => command === "cancel_trial")?.args.id).toBe(id);
  answer(host, {
    answer: "done",
    id,
    target: "base",
    input_tokens: 4,
    output_tokens: 3,
    latency: 1,
    cancelled: true,
  });
  answer(host, { answer: "finished", id });
  expect(await card("Base model").findByText("In the beginning")).toBeVisible();
  expect(await card("Base model").findByText(/^Stopped/)).toBeVisible();
  expect(await card("tickets-intent").findByText("Not answered")).toBeVisible();
});

test("a row of a dataset is taken through its prompt, and its answer is expected", async () => {
  const { user } = await openStudio(`/try?adapter=${adapter}`, "example");
  await user.click(await screen.findByRole("radio", { name: "Prompt" }));
  await user.click(await screen.findByRole("combobox", { name: "Take a row through a prompt" }));
  await user.click(await screen.findByRole("option", { name: "Classify a ticket" }));
  const prompt = screen.getByRole("textbox", { name: "Prompt" });
  await waitFor(() =>
    expect(prompt).toHaveValue("<instruction>Please cancel my ticket for the derby.</instruction>\n<intent>"),
  );
  expect(screen.getByText("cancel_ticket</intent>")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Next row" }));
  await waitFor(() => expect(screen.getByText("upgrade_ticket</intent>")).toBeVisible());
});

test("why nothing can be loaded is said, and so is the end of what was loaded", async () => {
  const { host, user, id } = await asked("Once more");
  answer(host, { exit: "Killed" });
  expect(await screen.findByText("The model is no longer loaded: Killed")).toBeVisible();
  expect(await screen.findByText("Not loaded")).toBeVisible();
  answer(host, { answer: "text", id, target: "base", text: "late" });
  expect(screen.queryByText("late")).not.toBeInTheDocument();
  host.on("openTrial", () => {
    throw {
      code: "no_python",
      message: "There is no Python that can run a model.",
      hint: "Make one in Settings.",
      fields: [],
    };
  });
  await user.click(screen.getByRole("button", { name: "Load" }));
  expect(await screen.findByText("There is no Python that can run a model.")).toBeVisible();
});

test("a compute target can load what is asked", async () => {
  const { host, user } = await openStudio(`/try?adapter=${adapter}`, "example", async (host) => {
    host.on("openTrial", () => null);
    await host.core.addTarget("gpu-box", gpuBox);
  });
  const [target] = await host.core.targets();
  await user.click(await screen.findByRole("combobox", { name: "Answers on" }));
  await user.click(await screen.findByRole("option", { name: "gpu-box" }));
  await user.click(screen.getByRole("button", { name: "Load" }));
  const opened = () => host.calls.filter(({ command }) => command === "open_trial");
  await waitFor(() => expect(opened()).toHaveLength(1));
  expect(opened()[0]?.args).toMatchObject({ adapterIds: [adapter], target: target?.id });
  expect(screen.getByText("Starting")).toBeVisible();
  // What is loaded on one machine is not loaded on another.
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await host.core.removeTarget(target?.id ?? "");
  await waitFor(() => expect(screen.queryByRole("combobox", { name: "Answers on" })).toBeNull());
  await user.click(screen.getByRole("button", { name: "Load" }));
  await waitFor(() => expect(opened()).toHaveLength(2));
  expect(opened()[1]?.args).toMatchObject({ target: null });
});

test("leaving the page unloads the model", async () => {
  const { host, router } = await asked("Goodbye");
  await router.navigate({ to: "/" });
  await waitFor(() => expect(host.calls.some(({ command }) => command === "close_trial")).toBe(true));
});
