import { join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { write, writeModel } from "../../testing/example/files";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { refusal } from "../../testing/refusal";
import { against, sent, started } from "../../testing/startPage";

/** A tokenizer that makes a token of whatever stands between white space. */
const WORDS = JSON.stringify({
  version: "1.0",
  pre_tokenizer: { type: "WhitespaceSplit" },
  model: { type: "WordLevel", vocab: { "?": 0 }, unk_token: "?" },
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
