import { join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { writeChats, writeInstructModel, writePreferences } from "../testing/example/chats";
import type { HostWindow } from "../testing/host/window";
import { openStudio } from "../testing/open";

/** Conversations, pairs of answers, and a model whose template writes them. */
async function fill(host: HostWindow) {
  const folder = join(host.folder, "model");
  writeInstructModel(folder);
  await host.core.create("models", { type: "project", name: "Instruct", location: folder });
  const imported = async (path: string, name: string) => {
    const { row } = await host.core.importDataset(path, name, "import", new Channel(), null);
    return String(row.row.id);
  };
  const pairs = await imported(writePreferences(host.folder), "Pairs");
  return { pairs, chats: await imported(writeChats(host.folder), "Chats") };
}

async function choose(user: UserEvent, field: RegExp | string, option: RegExp) {
  await user.click(screen.getByRole("combobox", { name: field }));
  await user.click(await screen.findByRole("option", { name: option }));
}

test("a conversation dataset is previewed from its panel, with any model and template", async () => {
  let chats = "";
  const { router, user } = await openStudio("/", "empty", async (host) => {
    ({ chats } = await fill(host));
  });
  await router.navigate({ to: "/$table", params: { table: "datasets" }, search: { id: chats } });
  await user.click(await screen.findByRole("button", { name: "Preview for training…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "What the model will see" }));
  // A model that is still to be chosen is no mistake.
  expect(await dialog.findByText(/Choose the model whose chat template/)).toBeVisible();
  expect(dialog.queryByRole("alert")).not.toBeInTheDocument();

  await choose(user, "Base model", /Instruct/);
  const exact = () => dialog.getByRole("group", { name: "Text, exactly" });
  await waitFor(() => expect(exact()).toHaveTextContent(/^<\|im_start\|>user My parcel is late/));
  const learned = () => [...exact().querySelectorAll("mark")].map((mark) => mark.textContent).join("");
  expect(learned()).toMatch(/no cost\.<\|im_end\|>Two days/);

  // What is behind the limit is not learned.
  const limit = dialog.getByRole("textbox", { name: "Tokens per row" });
  await user.clear(limit);
  await user.type(limit, "40");
  await waitFor(() => expect(learned()).not.toContain("Two days"));
  const turns = within(dialog.getByRole("list", { name: "Text, as a conversation" })).getAllByRole(
    "listitem",
  );
  expect(turns.map((turn) => /learned|cut short|cut off/g[Symbol.match](turn.textContent ?? ""))).toEqual([
    null,
    ["learned", "cut short"],
    ["cut off"],
    ["cut off"],
  ]);

  await user.type(dialog.getByRole("textbox", { name: "System prompt" }), "Be kind.");
  await waitFor(() => expect(exact()).toHaveTextContent(/^<\|im_start\|>system Be kind\./));
  await choose(user, "Chat template", /^Plain roles/);
  await waitFor(() => expect(exact()).not.toHaveTextContent("<|im_start|>"));

  // Another dataset is shown from its beginning.
  await user.click(dialog.getByRole("button", { name: "Next row" }));
  await waitFor(() => expect(exact()).toHaveTextContent("The cup arrived broken"));
  await choose(user, "Dataset", /Pairs/);
  await waitFor(() =>
    expect(dialog.getByRole("group", { name: "Prompt, exactly" })).toHaveTextContent("My parcel is late"),
  );
  expect(dialog.getByRole("group", { name: "Rejected answer, exactly" })).toBeVisible();
});

test("a prompt over conversations says that they need none, and leads to the preview", async () => {
  let prompt = "";
  const { router, user } = await openStudio("/", "empty", async (host) => {
    const { chats } = await fill(host);
    const fields = {
      type: "in_place",
      name: "Chat",
      dataset_id: chats,
      input_template: "{messages}",
      completion_template: "-",
      prompt_template: "{messages}-",
    };
    prompt = String((await host.core.create("prompts", fields)).row.row.id);
  });
  await router.navigate({ to: "/$table", params: { table: "prompts" }, search: { id: prompt } });
  expect(await screen.findByText(/The rows of this dataset are conversations\./)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Preview for training…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "What the model will see" }));
  expect(dialog.getByRole("combobox", { name: "Dataset" })).toHaveValue("Chats");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());

  await user.click(screen.getByRole("button", { name: "Preview rows…" }));
  expect(await screen.findByText("Choose a dataset to see its rows here.")).toBeVisible();
});
