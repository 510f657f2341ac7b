import { join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, inject, test } from "vitest";
import type { TrainingPlan, TrainingRequest } from "../../bindings";
import { write, writeModel } from "../../testing/example/files";
import { job } from "../../testing/example/rows";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { writeEnvironment } from "../../testing/python";
import { refusal } from "../../testing/refusal";
import { gpuBox } from "../../testing/targets";

const ids = inject("templates").runs;

/** A tokenizer that makes a token of whatever stands between white space. */
const WORDS = JSON.stringify({
  version: "1.0",
  pre_tokenizer: { type: "WhitespaceSplit" },
  model: { type: "WordLevel", vocab: { "?": 0 }, unk_token: "?" },
});

const summary = async () => within(await screen.findByRole("region", { name: "Summary" }));
const against = async () => within(await screen.findByRole("list", { name: "Before it can start" }));
const started = (host: HostWindow) => host.calls.filter(({ command }) => command === "start_training");
const sent = (host: HostWindow) => started(host)[0]?.args.request as TrainingRequest;

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

/** Conversations, and a model whose template writes them. */
function writeChats({ folder }: HostWindow) {
  const template =
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>\n{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
  writeModel(join(folder, "model"));
  write(join(folder, "model/chat_template.jinja"), template);
  const turn = (role: string, content: string) => ({ role, content });
  const rows = Array.from({ length: 40 }, (_, at) => ({
    messages: [turn("user", `Question ${at + 1} \u{1f600}`), turn("assistant", `Answer ${at + 1}`)],
  }));
  return write(join(folder, "chats.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

async function openChats() {
  let dataset = "";
  let model = "";
  const opened = await openStudio("/", "example", async (host) => {
    const path = writeChats(host);
    const { row } = await host.core.importDataset(path, "Chats", "import", new Channel(), null);
    dataset = String(row.row.id);
    const fields = { type: "project", name: "Chatty", location: join(host.folder, "model") };
    model = String((await host.core.create("models", fields)).row.row.id);
  });
  await opened.router.navigate({ to: "/training/start", search: { dataset, model } });
  await waitFor(() =>
    expect(screen.getByRole("combobox", { name: "Row format" })).toHaveValue("Conversation"),
  );
  return { ...opened, dataset };
}

test("conversations are trained by the model's template, and only what applies is asked", async () => {
  const { host, user, router, dataset } = await openChats();
  expect(screen.getByRole("combobox", { name: "Method" })).toHaveValue("Supervised fine-tuning (SFT)");
  expect(screen.getByRole("combobox", { name: "Chat template" })).toHaveValue("The model's own");
  expect(screen.queryByRole("combobox", { name: /^Prompt/ })).not.toBeInTheDocument();
  const learns = screen.getByRole("combobox", { name: "Learns from" });
  expect(learns).toHaveValue("Each answer");
  await user.click(learns);
  // Each choice says when one would choose it.
  expect(await screen.findByRole("option", { name: /^The last answer.*Choose it where/ })).toBeVisible();
  await user.click(screen.getByRole("option", { name: /^The last answer/ }));
  await user.type(screen.getByRole("textbox", { name: "System prompt" }), "Be kind.");

  await user.click(screen.getByRole("combobox", { name: "Row format" }));
  await user.click(await screen.findByRole("option", { name: /^Prompt and completion/ }));
  expect(await screen.findByRole("combobox", { name: /^Prompt/ })).toBeVisible();
  expect(screen.queryByRole("textbox", { name: "System prompt" })).not.toBeInTheDocument();
  expect(await (await against()).findByText("Choose the prompt to train with.")).toBeVisible();

  await user.click(screen.getByRole("combobox", { name: "Row format" }));
  await user.click(await screen.findByRole("option", { name: /^Conversation/ }));
  await waitFor(() =>
    expect(screen.getByRole("button", { name: /Start/ })).toHaveAttribute("aria-disabled", "false"),
  );
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(started(host)).toHaveLength(1));
  expect(sent(host)).toMatchObject({
    dataset_id: dataset,
    prompt_id: null,
    choices: {
      method: null,
      row_format: "conversation",
      system_prompt: "Be kind.",
      chat_template: null,
    },
  });

  // The run and its job show the choices, and a copy of the job has them again.
  const glance = within(await screen.findByRole("region", { name: "At a glance" }));
  expect(await glance.findByText("Chat template")).toBeVisible();
  expect(glance.getByText("Row format").nextElementSibling).toHaveTextContent("Conversation");
  const id = router.state.location.pathname.replace("/runs/", "");
  await router.navigate({ to: "/$table", params: { table: "fine_tuning_jobs" }, search: { id } });
  const panel = within(await screen.findByRole("complementary", { name: "chats-chatty" }));
  await waitFor(() =>
    expect(panel.getByText("System prompt").nextElementSibling).toHaveTextContent("Be kind."),
  );
  await router.navigate({ to: "/training/start", search: { copy: id } });
  await waitFor(() => expect(screen.getByRole("textbox", { name: "System prompt" })).toHaveValue("Be kind."));
});

test("a misfit of method and rows is said beside its field", async () => {
  const { user } = await openChats();
  const method = screen.getByRole("combobox", { name: "Method" });
  await user.click(method);
  await user.click(await screen.findByRole("option", { name: /^Direct preference/ }));
  expect(screen.getByRole("combobox", { name: "Row format" })).toHaveValue("Preference");
  const list = await against();
  await waitFor(() => expect(list.getAllByRole("listitem")[0]).toHaveTextContent(/preference|chosen/i));
});

test("the learning rate is the method's until another is typed", async () => {
  const { user } = await openChats();
  const rate = screen.getByRole("textbox", { name: "Learning rate" });
  const choose = async (method: RegExp) => {
    await user.click(screen.getByRole("combobox", { name: "Method" }));
    await user.click(await screen.findByRole("option", { name: method }));
  };
  expect(rate).toHaveValue("0.0002");
  await choose(/^Direct preference/);
  await waitFor(() => expect(rate).toHaveValue("0.00001"));
  await choose(/^Supervised/);
  await waitFor(() => expect(rate).toHaveValue("0.0002"));
  await user.clear(rate);
  await user.type(rate, "0.0003");
  await choose(/^Direct preference/);
  await waitFor(() => expect(screen.getByRole("combobox", { name: "Row format" })).toHaveValue("Preference"));
  expect(rate).toHaveValue("0.0003");
});

test("the preview shows what is read, what is learned and where it is cut", async () => {
  const { host, user } = await openChats();
  await user.click(screen.getByRole("button", { name: "Preview…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "What the model will see" }));
  const exact = () => dialog.getByRole("group", { name: "Text, exactly" });
  await waitFor(() =>
    expect(exact()).toHaveTextContent("<|user|>Question 1 \u{1f600}<|end|> <|assistant|>Answer 1<|end|>"),
  );
  expect(exact().querySelector("mark")).toHaveTextContent("Answer 1<|end|>");
  const turns = within(dialog.getByRole("list", { name: "Text, as a conversation" })).getAllByRole(
    "listitem",
  );
  expect(turns[0]).toHaveTextContent(/^User.*tokens?Question 1/);
  expect(turns[1]).toHaveTextContent(/^Assistantlearned.*tokens?Answer 1/);

  await user.type(dialog.getByRole("textbox", { name: "System prompt" }), "Be kind.");
  await waitFor(() => expect(exact()).toHaveTextContent(/^<\|system\|>Be kind\.<\|end\|>/));
  await user.click(dialog.getByRole("button", { name: "Next row" }));
  await waitFor(() => expect(exact()).toHaveTextContent("Question 2"));
  expect(host.calls.findLast(({ command }) => command === "preview_training")?.args.request).toMatchObject({
    row: 2,
    limit: 512,
  });
  await user.keyboard("{Alt>}{PageUp}{/Alt}");
  await waitFor(() => expect(exact()).toHaveTextContent("Question 1"));
});

test("token lengths are counted, and the suggested limit is taken over", async () => {
  const { host, user } = await openChats();
  await user.click(screen.getByRole("button", { name: "Token lengths…" }));
  // Without a tokenizer nothing is guessed.
  expect(await screen.findByText(/tokenizer\.json\) is not on this machine/)).toBeVisible();
  await user.keyboard("{Escape}");

  write(join(host.folder, "model/tokenizer.json"), WORDS);
  await user.click(screen.getByRole("button", { name: "Token lengths…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Token lengths" }));
  const chart = await dialog.findByRole("img", { name: /^40 rows of 5 to 5 tokens.*limit of 512\.$/ });
  expect(chart).toBeVisible();
  const fact = (name: string) => dialog.getByText(name).nextElementSibling;
  expect(fact("Rows")).toHaveTextContent("40, with 200 tokens");
  expect(fact("Over the limit")).toHaveTextContent("0 rows (0%)");
  expect(fact("With packing")).toHaveTextContent("1 pack, 60.9% of their room empty");

  await user.click(dialog.getByRole("button", { name: "Use this limit" }));
  await waitFor(() => expect(dialog.getByRole("textbox", { name: "Tokens per row" })).toHaveValue("64"));
  await waitFor(() => expect(chart).toHaveAccessibleName(/limit of 64\.$/));
  expect(dialog.queryByRole("button", { name: "Use this limit" })).not.toBeInTheDocument();
  const limit = dialog.getByRole("textbox", { name: "Tokens per row" });
  await user.clear(limit);
  await user.type(limit, "2");
  await waitFor(() => expect(fact("Over the limit")).toHaveTextContent("40 rows (100%)"));
  expect(fact("Of these dropped")).toHaveTextContent(/^40 rows: nothing that is learned/);
  await user.keyboard("{Escape}");
  expect(screen.getByRole("textbox", { name: "Tokens per row" })).toHaveValue("2");
});

test("counting tokens can be stopped and begun again", async () => {
  const { host, user } = await openChats();
  write(join(host.folder, "model/tokenizer.json"), WORDS);
  host.on(
    "tokenLengths",
    () =>
      new Promise((_, no) =>
        host.on("cancel", () => {
          no(refusal("cancelled", ""));
          return true;
        }),
      ),
  );
  await user.click(screen.getByRole("button", { name: "Token lengths…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Token lengths" }));
  expect(await dialog.findByText("0 rows counted")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Stop" }));
  expect(await dialog.findByText("The counting was stopped.")).toBeVisible();
  host.off("tokenLengths");
  await user.click(dialog.getByRole("button", { name: "Count again" }));
  expect(await dialog.findByRole("img", { name: /^40 rows/ })).toBeVisible();
});

test("without an environment the way to Settings is shown", async () => {
  await openStudio(`/training/start?copy=${job}`, "example", undefined, {
    worker: false,
  });
  const list = await against();
  expect(list.getByText(/There is no Python on this machine that can train/)).toBeVisible();
  expect(list.getByRole("link", { name: "Open Settings" })).toHaveAttribute("href", "/settings");
});

test("of several GPUs those that train are chosen, and share the rows of a step", async () => {
  const prepare = ({ folder }: HostWindow) => writeEnvironment(folder, true, 2);
  const { host, user } = await openStudio(`/training/start?copy=${job}`, "example", prepare, {
    worker: false,
  });
  const gpus = await screen.findByRole("combobox", { name: "GPUs" });
  expect(gpus).toHaveAccessibleDescription(/Choose several to train faster/);
  expect(screen.queryByRole("textbox", { name: "Processes" })).not.toBeInTheDocument();
  const shown = await summary();
  expect(shown.queryByText("Processes")).not.toBeInTheDocument();
  await user.click(gpus);
  await user.click(await screen.findByRole("option", { name: "1: NVIDIA RTX 4090, 26 GB" }));
  expect(await shown.findByText("2, with 32 rows a step")).toBeVisible();
  expect(await screen.findByText("This machine · 2 × NVIDIA RTX 4090")).toBeVisible();
  await user.keyboard("{Escape}{Control>}{Enter}{/Control}");
  await waitFor(() => expect(sent(host)).toMatchObject({ devices: [0, 1], num_gpu: 2 }));
});

test("without a GPU, processes that share the processor are an advanced choice", async () => {
  const { host, user } = await openStudio(`/training/start?copy=${job}`, "example");
  await summary();
  expect(screen.queryByLabelText("GPUs")).not.toBeInTheDocument();
  await user.click(await screen.findByRole("button", { name: "Advanced" }));
  const processes = await screen.findByRole("textbox", { name: "Processes" });
  await user.clear(processes);
  await user.type(processes, "99999");
  await waitFor(() => expect(processes).toHaveAccessibleDescription(/the processor of this machine has/));
  await user.clear(processes);
  await user.type(processes, "2");
  expect(await (await summary()).findByText("2, with 16 rows a step")).toBeVisible();
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(sent(host)).toMatchObject({ devices: null, num_workers: 2 }));
});

test("without the environment of Axolotl its size and the way to Settings are shown", async () => {
  const { user } = await openStudio(
    `/training/start?copy=${job}`,
    "example",
    ({ folder }) => writeEnvironment(folder),
    { worker: false },
  );
  await user.click(await screen.findByRole("combobox", { name: "Framework" }));
  await user.click(await screen.findByRole("option", { name: "Axolotl" }));
  const list = await against();
  expect(await list.findByText(/No Python on this machine has axolotl. .* takes 6.8 GB/)).toBeVisible();
  expect(list.getByRole("link", { name: "Open Settings" })).toHaveAttribute("href", "/settings");
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

test("a target is chosen where there is one, and kept for the next start", async () => {
  const { host, user, router } = await openStudio("/training/start", "example", ({ core }) =>
    core.addTarget("gpu-box", gpuBox),
  );
  await host.core.setQueue({ paused: true, at_once: 1 });
  const choose = async (field: RegExp, option: string) => {
    await user.click(await screen.findByRole("combobox", { name: field }));
    await user.click(await screen.findByRole("option", { name: option }));
  };
  const where = within(await screen.findByRole("region", { name: "Where" }));
  expect(await where.findByText(/^This machine ·/)).toBeVisible();
  await choose(/Dataset$/, "Support tickets");
  await choose(/Base model/, "Gemma 3 1B");
  await choose(/^Runs on/, "gpu-box");
  await waitFor(() =>
    expect(screen.queryByRole("list", { name: "Before it can start" })).not.toBeInTheDocument(),
  );
  await user.click(screen.getByRole("button", { name: /^Start/ }));
  expect(await screen.findByText("Training on gpu-box")).toBeVisible();
  const [target] = await host.core.targets();
  expect(sent(host).target).toBe(target?.id);

  await router.navigate({ to: "/evaluation/start" });
  expect(await screen.findByRole("combobox", { name: "Runs on" })).toHaveValue("gpu-box");
  // The choice was of another workspace, or its target was removed.
  const [queued] = await host.core.runs();
  await host.core.stopRun(queued?.run.id ?? "");
  await host.core.removeTarget(target?.id ?? "");
  await waitFor(() => expect(screen.queryByRole("combobox", { name: "Runs on" })).not.toBeInTheDocument());
});
