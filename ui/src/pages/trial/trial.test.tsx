import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TrialAnswer } from "../../bindings";
import type { Fake } from "../../platform/fake";
import { example } from "../../platform/fake/fillings";
import { openStudio } from "../../platform/fake/open";

const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";
const answer = (fake: Fake, told: TrialAnswer) => act(() => fake.runs.answer(told));
const ready: TrialAnswer = { answer: "status", status: "ready", message: "Ready" };
const card = (name: string) => within(screen.getByRole("region", { name }));

async function asked(words: string) {
  const page = openStudio(`/try?adapter=${adapter}`, example());
  const { fake, user } = page;
  await waitFor(() => expect(screen.getByRole("combobox", { name: /Base model/ })).toHaveValue("Gemma 3 1B"));
  await user.type(screen.getByRole("textbox", { name: "Prompt" }), words);
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(fake.calls.some(({ command }) => command === "open_trial")).toBe(true));
  answer(fake, { answer: "status", status: "model", message: "Loading google/gemma-3-1b-it" });
  expect(await screen.findByText("Loading google/gemma-3-1b-it")).toBeVisible();
  expect(fake.runs.asked).toHaveLength(0);
  answer(fake, ready);
  await waitFor(() => expect(fake.runs.asked).toHaveLength(1));
  return { ...page, id: fake.runs.asked[0]?.id ?? "" };
}

test("a question loads what is asked, and the answers stream side by side", async () => {
  const { fake, id } = await asked("Cancel it");
  expect(fake.runs.asked[0]).toMatchObject({ prompt: "Cancel it", targets: ["base", adapter] });
  expect(await screen.findByText("Loaded")).toBeVisible();
  answer(fake, { answer: "text", id, target: "base", text: "I would " });
  answer(fake, { answer: "text", id, target: "base", text: "like" });
  expect(card("Base model").getByText("I would like")).toBeVisible();
  expect(card("tickets-intent").getByText("Waiting")).toBeVisible();
  answer(fake, {
    answer: "done",
    id,
    target: "base",
    input_tokens: 12,
    output_tokens: 3,
    latency: 0.6,
    cancelled: false,
  });
  expect(card("Base model").getByText("12 tokens in · 3 out · 600 ms · 5.0 tokens per second")).toBeVisible();
  // What is said to another question is of no interest.
  answer(fake, { answer: "text", id: "other", target: adapter, text: "stray" });
  answer(fake, { answer: "text", id, target: adapter, text: "cancel_ticket" });
  expect(card("tickets-intent").getByText("cancel_ticket")).toBeVisible();
  answer(fake, { answer: "finished", id });
  expect(await screen.findByRole("button", { name: /^Ask/ })).toBeVisible();
});

test("an answer can be stopped, and what was said of it stays", async () => {
  const { fake, user, id } = await asked("Tell me everything");
  answer(fake, { answer: "text", id, target: "base", text: "In the beginning" });
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  expect(fake.calls.find(({ command }) => command === "cancel_trial")?.args.id).toBe(id);
  answer(fake, {
    answer: "done",
    id,
    target: "base",
    input_tokens: 4,
    output_tokens: 3,
    latency: 1,
    cancelled: true,
  });
  answer(fake, { answer: "finished", id });
  expect(card("Base model").getByText("In the beginning")).toBeVisible();
  expect(card("Base model").getByText(/^Stopped/)).toBeVisible();
  expect(card("tickets-intent").getByText("Not answered")).toBeVisible();
});

test("a row of a dataset is taken through its prompt, and its answer is expected", async () => {
  const { user } = openStudio(`/try?adapter=${adapter}`, example());
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
  const { fake, user, id } = await asked("Once more");
  answer(fake, { answer: "closed", message: "Killed" });
  expect(await screen.findByText("The model is no longer loaded: Killed")).toBeVisible();
  expect(screen.getByText("Not loaded")).toBeVisible();
  answer(fake, { answer: "text", id, target: "base", text: "late" });
  expect(screen.queryByText("late")).not.toBeInTheDocument();
  fake.on("open_trial", () => {
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

test("leaving the page unloads the model", async () => {
  const { fake, router } = await asked("Goodbye");
  await router.navigate({ to: "/" });
  await waitFor(() => expect(fake.calls.some(({ command }) => command === "close_trial")).toBe(true));
});
