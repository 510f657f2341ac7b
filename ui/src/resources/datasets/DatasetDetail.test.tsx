import { rmSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { JsonValue } from "../../bindings";
import { csv, write } from "../../testing/example/files";
import type { HostWindow } from "../../testing/host/window";
import { openHost, openStudio, showStudio } from "../../testing/open";
import { refusal } from "../../testing/refusal";
import { importRows } from "../../testing/rows";
import { clear } from "./import/queue";

const NUMBERS = Array.from({ length: 5000 }, (_, at) => `{"text": "text ${at + 1}"}\n`).join("");

const turn = (role: string, content: JsonValue) => ({ role, content });
const ABOUT = { tags: ["a", "b"], by: { name: "Ada", note: "" } };

/** Conversations, of which these rows end in an empty answer. Line 7 is blank. */
function chats(empty = (row: number): boolean => row === 1200 || row === 1300): string {
  const lines = Array.from({ length: 1500 }, (_, at) => {
    const question = turn("user", `Question ${at + 1}\nplease`);
    const answer = turn("assistant", empty(at + 1) ? "" : "Answer");
    return JSON.stringify({
      id: at,
      messages: [turn("system", "Be brief."), question, answer],
      about: ABOUT,
    });
  });
  lines.splice(6, 0, "");
  return `${lines.join("\n")}\n`;
}

const texts = (from: number, to: number) =>
  csv([["text"], ...Array.from({ length: to - from + 1 }, (_, at) => [`text ${from + at}`])]);

/** The datasets by name, each with its files. */
const FILES: Record<string, Record<string, string>> = {
  Splits: { "splits/train.csv": texts(1, 20), "splits/test.csv": texts(21, 30) },
  Numbers: { "numbers.jsonl": NUMBERS },
  Moved: { "moved.csv": texts(1, 8214), "numbers.jsonl": NUMBERS },
  Chats: { "chats.jsonl": chats() },
};

/** Imports a dataset and opens it; `change` happens to its files in between. */
async function open(name: string, change?: (host: HostWindow, id: string) => unknown) {
  const host = await openHost();
  const files = Object.entries(FILES[name] ?? {});
  for (const [file, text] of files) write(join(host.folder, file), text);
  const first = files[0]?.[0] ?? "";
  const path = join(host.folder, name === "Splits" ? dirname(first) : first);
  const { row } = await host.core.importDataset(path, name, "import", new Channel(), null);
  const id = String(row.row.id);
  await change?.(host, id);
  return { id, path, ...showStudio(`/datasets?id=${id}`, host) };
}

const called = (host: HostWindow, name: string) => host.calls.filter(({ command }) => command === name);
const cell = (name: string) => screen.findByRole("gridcell", { name });

test("a folder shows all its rows, or those of one split", async () => {
  const { user, host, id } = await open("Splits");
  expect(await cell("text 1")).toBeVisible();
  expect(screen.getByText(/of 30$/)).toBeVisible();
  await user.click(screen.getByRole("combobox", { name: "Split" }));
  await user.click(await screen.findByRole("option", { name: "test" }));
  expect(await cell("text 21")).toBeVisible();
  expect(screen.queryByRole("gridcell", { name: "text 1" })).not.toBeInTheDocument();
  expect(screen.getByText(/of 10$/)).toBeVisible();
  expect(called(host, "preview_split")[0]?.args).toMatchObject({ source: { id }, split: "test", offset: 0 });
  expect(screen.getByRole("combobox", { name: "Split" })).toHaveValue("test");
  await user.click(screen.getByRole("combobox", { name: "Split" }));
  await user.click(await screen.findByRole("option", { name: "All splits" }));
  expect(await cell("text 1")).toBeVisible();
});

test("every row of a file is reached by keys, and read when it comes into sight", async () => {
  const { host, user } = await open("Numbers");
  await user.click(await cell("text 1"));
  expect(screen.queryByRole("gridcell", { name: "text 300" })).not.toBeInTheDocument();
  expect(called(host, "preview_dataset").map(({ args }) => args.offset)).toEqual([0]);

  await user.keyboard("{Control>}{End}{/Control}");
  expect(await cell("text 5000")).toHaveAttribute("aria-selected", "true");
  expect(screen.getByText(/to 5,000 of 5,000$/)).toBeVisible();
  expect(called(host, "preview_dataset").map(({ args }) => args.offset)).not.toContain(2000);
  await user.keyboard("{PageUp}{ArrowUp}");
  const grid = screen.getByRole("grid", { name: "Rows of the file" });
  expect(grid).toHaveFocus();
  expect(grid).toHaveAttribute("aria-rowcount", "5001");
  const active = document.getElementById(grid.getAttribute("aria-activedescendant") ?? "");
  expect(active).toHaveTextContent(/^text 49[678]\d$/);
  await user.keyboard("{Control>}{Home}{/Control}");
  expect(await cell("text 1")).toHaveAttribute("aria-selected", "true");
});

test("Ctrl+G goes straight to a row; a number past the end leads to the last one", async () => {
  const { user } = await open("Numbers");
  await cell("text 1");
  await user.keyboard("{Control>}g{/Control}");
  expect(screen.getByRole("textbox", { name: "Go to row" })).toHaveFocus();
  await user.keyboard("3210{Enter}");
  expect(await cell("text 3210")).toHaveAttribute("aria-selected", "true");
  await waitFor(() => expect(screen.getByRole("grid", { name: "Rows of the file" })).toHaveFocus());
  expect(screen.getByRole("region", { name: "Selected value" })).toHaveTextContent(
    "text in row 3,210, line 3,210",
  );

  await user.clear(screen.getByRole("textbox", { name: "Go to row" }));
  await user.type(screen.getByRole("textbox", { name: "Go to row" }), "9999999{Enter}");
  expect(await cell("text 5000")).toHaveAttribute("aria-selected", "true");
});

test("a row can be gone to although nobody has counted them", async () => {
  const { user } = await open("Numbers", (host, id) =>
    host.on("previewDataset", async ({ offset, limit }) => ({
      ...(await host.core.previewDataset({ id }, offset, limit)),
      total_rows: null,
      end: false,
    })),
  );
  await cell("text 1");
  expect(screen.getByText(/^Rows 1 to \d+$/)).toBeVisible();
  await user.type(screen.getByRole("textbox", { name: "Go to row" }), "4100{Enter}");
  expect(await cell("text 4100")).toHaveAttribute("aria-selected", "true");
});

test("the rows can be read over the whole window, from where one was", async () => {
  const { user } = await open("Numbers");
  await cell("text 1");
  await user.type(screen.getByRole("textbox", { name: "Go to row" }), "2345{Enter}");
  await cell("text 2345");
  await user.click(screen.getByRole("gridcell", { name: "text 2346" }));
  await user.click(screen.getByRole("button", { name: "Enlarge" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Numbers" }));
  expect(await dialog.findByRole("gridcell", { name: "text 2346" })).toHaveAttribute("aria-selected", "true");
});

test("lists of messages are read as a conversation, other nested values as a tree", async () => {
  const { user } = await open("Chats");
  const grid = within(await screen.findByRole("grid", { name: "Rows of the file" }));
  const messages = (await grid.findAllByRole("gridcell", { name: /^3 messages\s*Question 1 ↵ please/ }))[0];
  await user.click(messages as HTMLElement);
  const shown = within(screen.getByRole("region", { name: "Selected value" }));
  const turns = within(shown.getByRole("list", { name: "Conversation" })).getAllByRole("listitem");
  expect(turns.map((one) => one.textContent)).toEqual([
    "SystemBe brief.",
    "UserQuestion 1\nplease",
    "AssistantAnswer",
  ]);

  await user.keyboard("{ArrowRight}");
  expect(grid.getAllByRole("gridcell", { name: /^2 fields\s*a/ })[0]).toBeVisible();
  expect(shown.getByText("2 items")).toBeVisible();
  expect(shown.getByText("Ada")).toBeVisible();
  expect(shown.getByText("empty")).toBeVisible();
  await user.click(shown.getByRole("radio", { name: "JSON" }));
  expect(shown.getByText(/"name": "Ada"/)).toBeVisible();
});

test("the selected value is copied by Ctrl+C and by its button", async () => {
  const { user } = await open("Chats");
  const grid = within(await screen.findByRole("grid", { name: "Rows of the file" }));
  await user.click((await grid.findAllByRole("gridcell", { name: /^2 fields/ }))[0] as HTMLElement);
  await user.keyboard("{Control>}c{/Control}");
  const text = JSON.stringify(ABOUT, null, 2);
  await waitFor(async () => expect(await navigator.clipboard.readText()).toBe(text));
  await user.click(grid.getAllByRole("gridcell", { name: "0" })[0] as HTMLElement);
  await user.click(screen.getByRole("button", { name: "Copy value" }));
  await waitFor(async () => expect(await navigator.clipboard.readText()).toBe("0"));
});

test("every column is described by all rows, and reading them can be stopped", async () => {
  const { host, user } = await open("Chats", (host) => {
    host.on(
      "profileDataset",
      () =>
        new Promise((_, no) =>
          host.on("cancel", () => {
            no(refusal("cancelled", ""));
            return true;
          }),
        ),
    );
  });
  await user.click(await screen.findByRole("tab", { name: "Columns" }));
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(await screen.findByText("Reading was stopped.")).toBeVisible();

  host.off("profileDataset");
  await user.click(screen.getByRole("button", { name: "Read the file" }));
  const columns = within(await screen.findByRole("list", { name: "Columns" }));
  expect(columns.getByText("id").closest("li")).toHaveTextContent(
    /Whole number.*In every row.*Different1,500/,
  );
  const histogram = columns.getAllByRole("img")[0];
  expect(histogram).toHaveAccessibleName(/^Value, from 0 to 1,535; most rows, 128, have/);
  const common = within(columns.getByRole("list", { name: "Most frequent values" }));
  expect(common.getByRole("listitem")).toHaveTextContent("1,500 (100%)");

  // What was found is kept as long as the file stays the same.
  const times = called(host, "profile_dataset").length;
  await user.click(screen.getByRole("tab", { name: "Rows" }));
  await user.click(screen.getByRole("tab", { name: "Columns" }));
  expect(called(host, "profile_dataset")).toHaveLength(times);
});

test("the doctor says the shape and leads from a problem to its row", async () => {
  const { user } = await open("Chats");
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
  const { host, user, id } = await open("Chats");
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
  const { host, user } = await open("Chats", (host) =>
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

const file = async () => within(await screen.findByRole("region", { name: "File" }));

test("a file that is as it was is said quietly", async () => {
  await open("Numbers");
  expect((await file()).getByText(/5,000 rows, unchanged since it was read$/)).toBeVisible();
  expect((await file()).getByRole("button", { name: "Copy path" })).toBeVisible();
  expect((await file()).queryByRole("status")).not.toBeInTheDocument();
});

test("a file that was written again is compared", async () => {
  const { user } = await open("Numbers", ({ folder }) => {
    const then = new Date(2026, 10, 3);
    utimesSync(join(folder, "numbers.jsonl"), then, then);
  });
  expect(await (await file()).findByText("The file was rewritten since it was read")).toBeVisible();
  await user.click((await file()).getByRole("button", { name: "Compare the content" }));
  expect(await screen.findByText("The content is the same")).toBeVisible();
  expect(await (await file()).findByText(/unchanged since it was read$/)).toBeVisible();
});

test("a file that changed is said with then and now, and can be taken as it is", async () => {
  const { user, host, id, path } = await open("Numbers", ({ folder }) =>
    write(join(folder, "numbers.jsonl"), `${NUMBERS}{"text": "${"x".repeat(1191)}"}\n`),
  );
  const said = await file();
  expect(await said.findByText("The file has changed")).toBeVisible();
  const facts = within(said.getByRole("table"));
  expect(facts.getByRole("row", { name: /^Size/ })).toHaveTextContent(/KB, 1.2 KB more$/);
  await user.click(said.getByRole("button", { name: "Accept it as it is" }));
  expect(await screen.findByText("Numbers has other rows now")).toBeVisible();
  expect(called(host, "relocate_dataset")[0]?.args).toMatchObject({ id, path });
});

test("a file from elsewhere is read so that changes are noticed", async () => {
  const { user } = await openStudio("/datasets?id=d1", "empty", (host) => {
    const location = write(join(host.folder, "numbers.jsonl"), NUMBERS);
    const row = { id: "d1", type: "project_jsonl", name: "Numbers", location };
    return importRows(host.connection, { datasets: [row] });
  });
  await user.click(await (await file()).findByRole("button", { name: "Read it now" }));
  expect(await screen.findByText("From now on, changes are detected.")).toBeVisible();
});

test("a missing file is reported, and another one can be chosen", async () => {
  const { host, user } = await open("Moved", ({ folder }) => rmSync(join(folder, "moved.csv")));
  const said = await file();
  expect(await said.findByRole("alert")).toHaveTextContent(/The file is missing.*Rows8,214/);
  expect(screen.queryByRole("tab", { name: "Rows" })).not.toBeInTheDocument();
  host.nextPick(join(host.folder, "numbers.jsonl"));
  await user.click(said.getByRole("button", { name: "Choose the file again" }));
  expect(await screen.findByText("Moved has other rows now")).toBeVisible();
  expect(await cell("text 1")).toBeVisible();
});

test("how a file is read is changed later, with its rows shown before that is saved", async () => {
  const { host, user, id } = await open("Moved", ({ folder }) =>
    write(join(folder, "moved.csv"), "q;a\nHi, you;Yes\nBye;No\n"),
  );
  const headers = (grid: HTMLElement) =>
    within(grid)
      .getAllByRole("columnheader")
      .slice(1)
      .map((cell) => cell.textContent);
  await user.click(await (await file()).findByRole("button", { name: "Change…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "How Moved is read" }));
  const separator = await dialog.findByRole("combobox", { name: "Separator" });
  expect(separator).toHaveValue("Semicolon");
  expect(dialog.getByText(/The file has changed since it was read/)).toBeVisible();
  expect(await dialog.findByText("2 rows")).toBeVisible();
  expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();

  await user.click(separator);
  await user.click(await screen.findByRole("option", { name: "Vertical bar" }));
  await waitFor(() => expect(headers(dialog.getByRole("grid"))).toEqual(["q;aText"]));
  expect(separator).toHaveFocus();
  expect(called(host, "relocate_dataset")).toHaveLength(0);
  await waitFor(() => expect(dialog.getByRole("button", { name: "Save" })).toBeEnabled());
  await user.click(dialog.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("Moved has 2 rows now")).toBeVisible();
  expect(called(host, "relocate_dataset")[0]?.args).toMatchObject({ id, options: { separator: "|" } });
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(await (await file()).findByText("Read as UTF-8, separated by vertical bars")).toBeVisible();
  await waitFor(() =>
    expect(headers(screen.getByRole("grid", { name: "Rows of the file" }))).toEqual(["q;aText"]),
  );
});

test("a dataset whose file can't be read in the way that is chosen is not saved so", async () => {
  const { host, user } = await open("Moved", ({ folder }) =>
    write(join(folder, "moved.csv"), "q,a\nHi,Yes\nBye,No\n"),
  );
  await user.click(await (await file()).findByRole("button", { name: "Change…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "How Moved is read" }));
  await user.click(await dialog.findByRole("combobox", { name: "Encoding" }));
  await user.click(await screen.findByRole("option", { name: "UTF-16, little-endian" }));
  expect(await dialog.findByText("The file can't be read this way.")).toBeVisible();
  expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();
  expect(dialog.getByRole("combobox", { name: "Encoding" })).toHaveFocus();
  await user.keyboard("{Escape}");
  expect(called(host, "relocate_dataset")).toHaveLength(0);
});

test("a file that can't be read says why, and can be tried again", async () => {
  const { host, user } = await open("Numbers", (host) =>
    host.on("previewDataset", () => {
      throw refusal("file", "numbers.jsonl is held by another program.");
    }),
  );
  const panel = within(await screen.findByRole("complementary", { name: "Numbers" }));
  expect(await panel.findByRole("alert")).toHaveTextContent("numbers.jsonl is held by another program.");
  host.off("previewDataset");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await cell("text 1")).toBeVisible();
});

test("the rows of a dataset on the Hub are not asked for", async () => {
  const row = { id: "d3", type: "huggingface", name: "squad", huggingface_name: "rajpurkar/squad" };
  const { host } = await openStudio("/datasets?id=d3", { datasets: [row] });
  expect(await screen.findByText(/are on the Hugging Face Hub, and not on this machine/)).toBeVisible();
  await waitFor(() => expect(screen.getByRole("complementary", { name: "squad" })).toBeVisible());
  expect(called(host, "preview_dataset")).toHaveLength(0);
});

test("all problems of many are written into a file that is chosen", async () => {
  const { host, user, id } = await open("Chats", async ({ core, folder }, id) => {
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
