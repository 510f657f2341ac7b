import { join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { called, chats, openDataset } from "../../../testing/datasets";
import { write } from "../../../testing/example/files";
import { refusal } from "../../../testing/refusal";
import { clear } from "../import/queue";

test("the doctor says the shape and leads from a problem to its row", async () => {
  const { user } = await openDataset("Chats");
  await user.click(await screen.findByRole("tab", { name: "Problems" }));
  const shape = await screen.findByRole("region", { name: "Shape of the rows" });
  expect(shape).toHaveTextContent("Chat messages");
  expect(shape).toHaveTextContent("1,500 rows, 2 can't be trained on as they are.");
  const problems = () =>
    within(screen.getByRole("table", { name: "Problems of the rows" }))
      .getAllByRole("row")
      .slice(1)
      .map((row) => row.textContent);
  expect(problems()).toEqual([
    "Line 1,201, in messagesMessage 3 is empty.Show row",
    "Line 1,301, in messagesMessage 3 is empty.Show row",
    "Line 7This line is blank and was skipped.",
  ]);
  const kinds = within(screen.getByRole("group", { name: "Kinds of problems" }));
  expect(kinds.getByRole("checkbox", { name: "Message … is empty 2" })).toBeVisible();
  await user.click(kinds.getByRole("checkbox", { name: "This line is blank and was skipped 1" }));
  expect(problems()).toEqual(["Line 7This line is blank and was skipped."]);
  await user.click(kinds.getByRole("checkbox", { name: "This line is blank and was skipped 1" }));

  await user.click(screen.getByRole("button", { name: "Show row 1,200" }));
  expect(await screen.findByRole("tab", { name: "Rows", selected: true })).toBeVisible();
  await waitFor(() =>
    expect(screen.getByRole("region", { name: "Selected value" })).toHaveTextContent("messages in row 1,200"),
  );
});

test("rows are converted into a new file, which can be imported", async () => {
  const { host, user, id } = await openDataset("Chats");
  await user.click(await screen.findByRole("tab", { name: "Problems" }));
  await user.click(await screen.findByRole("button", { name: "Convert…" }));
  const offers = await screen.findAllByRole("menuitem");
  const pairs =
    "The user's message becomes the prompt, the assistant's becomes the completion. Only conversations of one question and one answer are taken. Other columns are left out.";
  expect(offers.map((one) => one.textContent)).toEqual([
    "The same rows in another formatThe rows stay as they are; only the format of the file changes.",
    expect.stringMatching(/^To conversations \(ShareGPT\)/),
    `To prompt and completion${pairs}`,
    expect.stringMatching(/Alpaca/),
    expect.stringMatching(/^To text/),
  ]);
  await user.click(offers[2] as HTMLElement);
  const dialog = within(await screen.findByRole("dialog", { name: "To prompt and completion" }));
  expect(dialog.getByText(pairs)).toBeVisible();

  // Changing one's mind about the place leaves everything as it was.
  host.nextPick(null);
  await user.click(dialog.getByRole("button", { name: "Choose where…" }));
  expect(called(host, "convert_dataset")).toHaveLength(0);
  const save = called(host, "plugin:dialog|save")[0]?.args.options as { defaultPath: string };
  expect(save.defaultPath).toBe(join(host.folder, "chats-prompt-completion.jsonl"));

  host.nextPick(join(host.folder, "pairs.jsonl"));
  await user.click(dialog.getByRole("button", { name: "Choose where…" }));
  expect(await dialog.findByText(/^1,498 rows written, .*; 2 left out$/)).toBeVisible();
  expect(called(host, "convert_dataset")[0]?.args).toMatchObject({
    source: { id },
    to: "prompt_completion",
    target: join(host.folder, "pairs.jsonl"),
  });
  const left = within(dialog.getByRole("table", { name: "Rows left out" }));
  expect(left.getAllByRole("button", { name: /^Show row/ })).toHaveLength(2);
  await user.click(dialog.getByRole("button", { name: "Import it" }));
  expect(await screen.findByRole("dialog", { name: "Import a dataset" })).toBeVisible();
  expect(await screen.findByRole("textbox", { name: "Name" })).toHaveValue("pairs");
  clear();
});

test("a conversion that fails says why, and one that is stopped made nothing", async () => {
  const { host, user } = await openDataset("Chats", (host) =>
    host.on("convertDataset", () => {
      throw refusal("file", "The disk is full.", { hint: "Make room." });
    }),
  );
  await user.click(await screen.findByRole("tab", { name: "Problems" }));
  await user.click(await screen.findByRole("button", { name: "Convert…" }));
  await user.click(await screen.findByRole("menuitem", { name: /^To prompt and completion/ }));
  const dialog = within(await screen.findByRole("dialog", { name: "To prompt and completion" }));
  host.nextPick(join(host.folder, "pairs.jsonl"));
  await user.click(dialog.getByRole("button", { name: "Choose where…" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("The disk is full.Make room.");

  host.on(
    "convertDataset",
    () =>
      new Promise((_, no) =>
        host.on("cancel", () => {
          no(refusal("cancelled", ""));
          return true;
        }),
      ),
  );
  host.nextPick(join(host.folder, "pairs.jsonl"));
  await user.click(dialog.getByRole("button", { name: "Choose where…" }));
  await dialog.findByRole("progressbar", { name: "Converting" });
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(await dialog.findByText("Converting was stopped. No file was made.")).toBeVisible();
});

test("all problems of many are written into a file that is chosen", async () => {
  const { host, user, id } = await openDataset("Chats", async ({ core, folder }, id) => {
    const path = write(
      join(folder, "chats.jsonl"),
      chats((row) => row <= 250),
    );
    await core.relocateDataset(id, path, "read", new Channel(), null);
  });
  await user.click(await screen.findByRole("tab", { name: "Problems" }));
  host.nextPick(join(host.folder, "chats-problems.csv"));
  await user.click(await screen.findByRole("button", { name: "Save the full list…" }));
  expect(await screen.findByText("251 problems are in chats-problems.csv.")).toBeVisible();
  expect(called(host, "list_problems")[0]?.args).toMatchObject({ source: { id } });
});
