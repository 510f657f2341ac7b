import { screen, waitFor, within } from "@testing-library/react";
import { expect, inject, test } from "vitest";
import type { TrainingPlan, TrainingRequest } from "../../bindings";
import { job } from "../../testing/example/rows";
import { openStudio } from "../../testing/open";
import { against, sent, started, summary } from "../../testing/startPage";

const ids = inject("templates").runs;

test("a training is made of rows, starts by a key, and its page opens", async () => {
  const { host, user, router } = await openStudio("/training/start", "example");
  expect((await against()).getByText("Base model is required.")).toBeVisible();
  expect(screen.getByRole("button", { name: /Start/ })).toHaveAttribute("aria-disabled", "true");
  // An untouched page is not red.
  expect(screen.getByRole("combobox", { name: /Base model/ })).not.toHaveAccessibleDescription();

  await user.click(screen.getByRole("combobox", { name: /Dataset$/ }));
  await user.click(await screen.findByRole("option", { name: "Support tickets" }));
  await user.click(screen.getByRole("combobox", { name: /Base model/ }));
  await user.click(await screen.findByRole("option", { name: "Gemma 3 1B" }));
  await waitFor(() =>
    expect(screen.getByRole("combobox", { name: /Prompt/ })).toHaveValue("Classify a ticket"),
  );
  await waitFor(() =>
    expect(screen.getByRole("textbox", { name: /Adapter name/ })).toHaveValue("support-tickets-gemma-3-1b"),
  );
  expect(await (await summary()).findByText("270")).toBeVisible();
  await waitFor(() =>
    expect(screen.queryByRole("list", { name: "Before it can start" })).not.toBeInTheDocument(),
  );

  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(await screen.findByRole("heading", { level: 1, name: "support-tickets-gemma-3-1b" })).toBeVisible();
  expect(router.state.location.pathname).toMatch(/^\/runs\//);
  const fields = sent(host);
  expect(fields).toMatchObject({ num_epochs: 1, learning_rate: 0.0002, auto_add_adapter: true });
  expect(fields.training_arguments_config).toBeNull();
});

test("a start right after the last choice waits for the plan of what is on screen", async () => {
  const { host, user } = await openStudio("/training/start", "example");
  expect((await against()).getByText("Base model is required.")).toBeVisible();
  await user.click(screen.getByRole("combobox", { name: /Base model/ }));
  await user.click(await screen.findByRole("option", { name: "Gemma 3 1B" }));
  await user.click(screen.getByRole("combobox", { name: /Dataset$/ }));
  await user.click(await screen.findByRole("option", { name: "Support tickets" }));
  await user.keyboard("{Control>}{Enter}{/Control}");

  expect(await screen.findByRole("heading", { level: 1, name: "support-tickets-gemma-3-1b" })).toBeVisible();
  expect(started(host)).toHaveLength(1);
  expect(sent(host)).toMatchObject({ adapter_name: "support-tickets-gemma-3-1b" });
});

test("what stands against a start is said beside its field, and nothing typed is lost", async () => {
  const { host, user } = await openStudio(`/training/start?copy=${job}`, "example");
  const name = await screen.findByRole("textbox", { name: /Adapter name/ });
  await waitFor(() => expect(name).toHaveValue("tickets-intent-2"));
  await user.clear(name);
  await user.type(name, "tickets-intent");
  await waitFor(() =>
    expect(name).toHaveAccessibleDescription(/An adapter is already called 'tickets-intent'/),
  );

  const batch = screen.getByRole("textbox", { name: "Batch size" });
  await user.clear(batch);
  await user.type(batch, "0");
  await waitFor(() => expect(batch).toHaveAccessibleDescription(/must be at least 1/));

  const epochs = screen.getByRole("textbox", { name: "Epochs" });
  await user.clear(epochs);
  await user.type(epochs, "half");
  expect(epochs).toHaveAccessibleDescription("This must be a whole number.");
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(started(host)).toHaveLength(0);
  expect(epochs).toHaveFocus();
  expect(name).toHaveValue("tickets-intent");
});

test("a refusal of the start itself stands beside its field until it is changed", async () => {
  const { host, user } = await openStudio(`/training/start?copy=${job}`, "example");
  const name = await screen.findByRole("textbox", { name: /Adapter name/ });
  await waitFor(() =>
    expect(screen.getByRole("button", { name: /Start/ })).toHaveAttribute("aria-disabled", "false"),
  );
  host.on("startTraining", () => {
    const message = "A run that waits will make an adapter of this name.";
    throw { code: "conflict", message, hint: null, fields: [{ column: "adapter_name", message }] };
  });
  await user.click(screen.getByRole("button", { name: /Start/ }));
  await waitFor(() => expect(name).toHaveAccessibleDescription(/A run that waits/));
  expect(name).toHaveFocus();
  await user.type(name, "x");
  expect(name).not.toBeInvalid();
});

test("of several plans the one that was asked for last is shown", async () => {
  const { host, user } = await openStudio(`/training/start?copy=${job}`, "example");
  const shown = await summary();
  expect(await shown.findByText("102")).toBeVisible();
  const shownFirst = host.calls.findLast(({ command }) => command === "plan_training");
  const plan = await host.core.planTraining((shownFirst?.args.request ?? {}) as TrainingRequest);
  const waiting: { epochs: unknown; answer: (steps: number) => void }[] = [];
  host.on("planTraining", (args) => {
    const epochs = (args.request as TrainingRequest).num_epochs;
    return new Promise<TrainingPlan>((resolve) =>
      waiting.push({ epochs, answer: (steps) => resolve({ ...plan, steps }) }),
    );
  });
  const epochs = screen.getByRole("textbox", { name: "Epochs" });
  await user.clear(epochs);
  await user.type(epochs, "4");
  await waitFor(() => expect(waiting.some(({ epochs }) => epochs === 4)).toBe(true));
  await user.clear(epochs);
  await user.type(epochs, "5");
  await waitFor(() => expect(waiting.some(({ epochs }) => epochs === 5)).toBe(true));
  // Meanwhile the last answer stays.
  expect(shown.getByText("102")).toBeVisible();
  waiting.find(({ epochs }) => epochs === 5)?.answer(555);
  expect(await shown.findByText("555")).toBeVisible();
  waiting.find(({ epochs }) => epochs === 4)?.answer(444);
  await waitFor(() => expect(shown.queryByText("444")).not.toBeInTheDocument());
  expect(shown.getByText("555")).toBeVisible();
});

test("the summary says what is trained and fetched, and the layers are choices", async () => {
  const { host, user } = await openStudio(`/training/start?copy=${job}`, "example");
  const shown = await summary();
  expect(await shown.findByText("102")).toBeVisible();
  const asked = host.calls.findLast(({ command }) => command === "plan_training");
  const plan = await host.core.planTraining((asked?.args.request ?? {}) as TrainingRequest);
  const modules = { choices: ["o_proj", "qkv_proj"], layers: 28, trainable: 2_048, parameters: 1_024_000 };
  const fetch = {
    kind: "model" as const,
    name: "google/gemma-3-1b-it",
    part: { config: null, split: null },
    bytes: 2_020_000_000,
    model_type: "gemma3_text",
  };
  host.on("planTraining", () => ({ ...plan, modules, fetches: [fetch] }));
  await user.type(screen.getByRole("textbox", { name: "Epochs" }), "0");
  expect(await shown.findByText("2,048 parameters (0.20%) in 28 layers")).toBeVisible();
  expect(shown.getByText("google/gemma-3-1b-it, up to 2.0 GB")).toBeVisible();

  await user.click(screen.getByRole("button", { name: "All settings…" }));
  await user.click(await screen.findByRole("tab", { name: "LoRA" }));
  await user.click(await screen.findByRole("combobox", { name: "Target modules" }));
  expect(await screen.findByRole("option", { name: "qkv_proj" })).toBeVisible();
});

test("one changed number makes the settings custom, and the others stay", async () => {
  const { host, user } = await openStudio(`/training/start?copy=${job}`, "example");
  const tokens = await screen.findByRole("textbox", { name: "Tokens per row" });
  await waitFor(() => expect(tokens).toHaveValue("512"));
  await user.clear(tokens);
  await user.type(tokens, "256");
  expect(screen.getByRole("combobox", { name: "Settings to start from" })).toHaveValue("Your own settings");
  await waitFor(() =>
    expect(screen.getByRole("button", { name: /Start/ })).toHaveAttribute("aria-disabled", "false"),
  );
  await user.click(screen.getByRole("button", { name: /Start/ }));
  await waitFor(() => expect(started(host)).toHaveLength(1));
  const fields = sent(host);
  expect(JSON.parse(String(fields.training_arguments_config))).toMatchObject({
    max_length: 256,
    per_device_train_batch_size: 8,
  });
});

test("rows lead to a training that is made of them", async () => {
  const { user } = await openStudio("/datasets", "example");
  await user.pointer({ keys: "[MouseRight]", target: await screen.findByText("Support tickets") });
  await user.click(await screen.findByRole("menuitem", { name: "Train with this…" }));
  await waitFor(() =>
    expect(screen.getByRole("combobox", { name: /Dataset$/ })).toHaveValue("Support tickets"),
  );
  await waitFor(() =>
    expect(screen.getByRole("combobox", { name: /Prompt/ })).toHaveValue("Classify a ticket"),
  );
});

test("the list says the state of each run, and leads to it", async () => {
  const { user, router } = await openStudio("/fine_tuning_jobs", "runs");
  const grid = within(await screen.findByRole("grid", { name: "Training" }));
  expect(await grid.findByText("Failed")).toBeVisible();
  await user.click(await grid.findByRole("link", { name: "Failed: open the run of tickets-hot" }));
  expect(await screen.findByText("The machine ran out of memory at step 74.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Retry from step 50" })).toBeVisible();
  expect(router.state.location.pathname).toBe(`/runs/${ids.failed}`);
});

test("a record that never ran here stays a record", async () => {
  await openStudio(`/fine_tuning_jobs?id=${job}`, "example");
  expect(await screen.findByText("This is only a record: it has not run on this machine.")).toBeVisible();
});
