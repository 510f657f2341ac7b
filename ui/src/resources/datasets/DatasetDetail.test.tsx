import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { FileCondition, JsonValue, Problem } from "../../bindings";
import type { Fake } from "../../platform/fake";
import { refusal } from "../../platform/fake";
import { kept } from "../../platform/fake/fillings";
import { openStudio } from "../../platform/fake/open";
import { type FakeFile, installFakeFiles } from "./fakeFiles";
import { clear } from "./import/queue";

const numbers: FakeFile = {
  type: "project_jsonl",
  columns: [["text", "text"]],
  rows: Array.from({ length: 5000 }, (_, at) => [`text ${at + 1}`]),
};
const turn = (role: string, content: JsonValue) => ({ role, content });
const empty: Problem = {
  severity: "error",
  file: null,
  line: 1200,
  row: 1200,
  field: "messages",
  message: "Message 2 is empty.",
};
const chats: FakeFile = {
  type: "project_jsonl",
  columns: [
    ["id", "integer"],
    ["messages", "list"],
    ["about", "object"],
  ],
  rows: Array.from({ length: 1500 }, (_, at) => [
    at,
    [turn("system", "Be brief."), turn("user", `Question ${at + 1}\nplease`), turn("assistant", "Answer")],
    { tags: ["a", "b"], by: { name: "Ada", note: "" } },
  ]),
  diagnosis: {
    shape: "chat",
    why: "The column 'messages' holds lists of messages.",
    problems: [
      empty,
      { ...empty, line: 1300, row: 1300, message: "Message 4 is empty." },
      { ...empty, severity: "warning", line: 7, row: null, field: null, message: "The line is blank." },
    ],
    conversions: [
      { to: "chat", says: "The rows stay as they are; only the format of the file changes." },
      { to: "prompt_completion", says: "The user's message becomes the prompt." },
    ],
    bad_rows: 2,
    errors: 2,
    warnings: 1,
  },
};
const folder: FakeFile = {
  type: "project",
  columns: [["text", "text"]],
  rows: Array.from({ length: 30 }, (_, at) => [`text ${at + 1}`]),
  splits: [
    { name: "train", files: ["train.csv"], rows: 20 },
    { name: "test", files: ["test.csv"], rows: 10 },
  ],
};
const datasets = [
  kept("datasets", { id: "d5", type: "project", name: "Splits", location: "/data/splits" }),
  kept("datasets", { id: "d1", type: "project_jsonl", name: "Numbers", location: "/data/numbers.jsonl" }),
  kept("datasets", { id: "d2", type: "project_csv", name: "Moved", location: "/data/moved.csv" }),
  kept("datasets", { id: "d3", type: "huggingface", name: "squad", huggingface_name: "rajpurkar/squad" }),
  kept("datasets", { id: "d4", type: "project_jsonl", name: "Chats", location: "/data/chats.jsonl" }),
];

function open(id: string, prepare?: (fake: Fake, files: Record<string, FakeFile>) => void) {
  const files = {
    "/data/numbers.jsonl": { ...numbers },
    "/data/chats.jsonl": { ...chats },
    "/data/splits": folder,
  };
  return openStudio(`/datasets?id=${id}`, { datasets }, (fake) => {
    installFakeFiles(fake, files);
    prepare?.(fake, files);
  });
}

const called = (fake: Fake, name: string) => fake.calls.filter(({ command }) => command === name);
const cell = (name: string) => screen.findByRole("gridcell", { name });

test("a folder shows all its rows, or those of one split", async () => {
  const { user, fake } = open("d5");
  expect(await cell("text 1")).toBeVisible();
  expect(screen.getByText(/of 30$/)).toBeVisible();
  await user.click(screen.getByRole("combobox", { name: "Split" }));
  await user.click(await screen.findByRole("option", { name: "test" }));
  expect(await cell("text 21")).toBeVisible();
  expect(screen.queryByRole("gridcell", { name: "text 1" })).not.toBeInTheDocument();
  expect(screen.getByText(/of 10$/)).toBeVisible();
  expect(called(fake, "preview_split")[0]?.args).toMatchObject({ source: "d5", split: "test", offset: 0 });
  expect(screen.getByRole("combobox", { name: "Split" })).toHaveValue("test");
  await user.click(screen.getByRole("combobox", { name: "Split" }));
  await user.click(await screen.findByRole("option", { name: "All splits" }));
  expect(await cell("text 1")).toBeVisible();
});

test("every row of a file is reached by keys, and read when it comes into sight", async () => {
  const { fake, user } = open("d1");
  await user.click(await cell("text 1"));
  expect(screen.queryByRole("gridcell", { name: "text 300" })).not.toBeInTheDocument();
  expect(called(fake, "preview_dataset").map(({ args }) => args.offset)).toEqual([0]);

  await user.keyboard("{Control>}{End}{/Control}");
  expect(await cell("text 5000")).toHaveAttribute("aria-selected", "true");
  expect(screen.getByText(/to 5,000 of 5,000$/)).toBeVisible();
  expect(called(fake, "preview_dataset").map(({ args }) => args.offset)).not.toContain(2000);
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
  const { user } = open("d1");
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
  const { user } = open("d1", (fake) => {
    fake.on("previewDataset", ({ offset, limit }) => ({
      path: "/data/numbers.jsonl",
      type: "project_jsonl",
      columns: [{ name: "text", kind: "text", filled: 1, samples: [] }],
      offset,
      rows: numbers.rows.slice(offset, offset + limit).map((values) => ({ line: null, values })),
      total_rows: null,
      end: false,
      problems: [],
    }));
  });
  await cell("text 1");
  expect(screen.getByText(/^Rows 1 to \d+$/)).toBeVisible();
  await user.type(screen.getByRole("textbox", { name: "Go to row" }), "4100{Enter}");
  expect(await cell("text 4100")).toHaveAttribute("aria-selected", "true");
});

test("the rows can be read over the whole window, from where one was", async () => {
  const { user } = open("d1");
  await cell("text 1");
  await user.type(screen.getByRole("textbox", { name: "Go to row" }), "2345{Enter}");
  await cell("text 2345");
  await user.click(screen.getByRole("gridcell", { name: "text 2346" }));
  await user.click(screen.getByRole("button", { name: "Enlarge" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Numbers" }));
  expect(await dialog.findByRole("gridcell", { name: "text 2346" })).toHaveAttribute("aria-selected", "true");
});

test("lists of messages are read as a conversation, other nested values as a tree", async () => {
  const { user } = open("d4");
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
  const { user } = open("d4");
  const grid = within(await screen.findByRole("grid", { name: "Rows of the file" }));
  await user.click((await grid.findAllByRole("gridcell", { name: /^2 fields/ }))[0] as HTMLElement);
  await user.keyboard("{Control>}c{/Control}");
  const text = JSON.stringify(chats.rows[0]?.[2], null, 2);
  await waitFor(async () => expect(await navigator.clipboard.readText()).toBe(text));
  await user.click(grid.getAllByRole("gridcell", { name: "0" })[0] as HTMLElement);
  await user.click(screen.getByRole("button", { name: "Copy value" }));
  await waitFor(async () => expect(await navigator.clipboard.readText()).toBe("0"));
});

test("every column is described by all rows, and reading them can be stopped", async () => {
  const { fake, user } = open("d4", (fake) => {
    fake.on(
      "profileDataset",
      () => new Promise((_, no) => fake.on("cancel", () => no(refusal("cancelled", "")))),
    );
  });
  await user.click(await screen.findByRole("tab", { name: "Columns" }));
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(await screen.findByText("Reading was stopped.")).toBeVisible();

  installFakeFiles(fake, { "/data/chats.jsonl": chats });
  await user.click(screen.getByRole("button", { name: "Read the file" }));
  const columns = within(await screen.findByRole("list", { name: "Columns" }));
  expect(columns.getByText("id").closest("li")).toHaveTextContent(
    /Whole number.*In every row.*Different1,500/,
  );
  const histogram = columns.getAllByRole("img")[0];
  expect(histogram).toHaveAccessibleName(/^Value, from 0 to 1,499; most rows, 125, have/);
  const common = within(columns.getByRole("list", { name: "Most frequent values" }));
  expect(common.getByRole("listitem")).toHaveTextContent("1,500 (100%)");

  // What was found is kept as long as the file stays the same.
  const times = called(fake, "profile_dataset").length;
  await user.click(screen.getByRole("tab", { name: "Rows" }));
  await user.click(screen.getByRole("tab", { name: "Columns" }));
  expect(called(fake, "profile_dataset")).toHaveLength(times);
});

test("the doctor says the shape and leads from a problem to its row", async () => {
  const { user } = open("d4");
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
    "Line 1,200, in messagesMessage 2 is empty.Show row",
    "Line 1,300, in messagesMessage 4 is empty.Show row",
    "Line 7The line is blank.",
  ]);
  const kinds = within(screen.getByRole("group", { name: "Kinds of problems" }));
  expect(kinds.getByRole("checkbox", { name: "Message … is empty 2" })).toBeVisible();
  await user.click(kinds.getByRole("checkbox", { name: "The line is blank 1" }));
  expect(problems()).toEqual(["Line 7The line is blank."]);
  await user.click(kinds.getByRole("checkbox", { name: "The line is blank 1" }));

  await user.click(screen.getByRole("button", { name: "Show row 1,200" }));
  expect(await screen.findByRole("tab", { name: "Rows", selected: true })).toBeVisible();
  await waitFor(() =>
    expect(screen.getByRole("region", { name: "Selected value" })).toHaveTextContent("messages in row 1,200"),
  );
});

test("rows are converted into a new file, which can be imported", async () => {
  const { fake, user } = open("d4");
  await user.click(await screen.findByRole("tab", { name: "Problems" }));
  await user.click(await screen.findByRole("button", { name: "Convert…" }));
  const offers = await screen.findAllByRole("menuitem");
  expect(offers.map((one) => one.textContent)).toEqual([
    "The same rows in another formatThe rows stay as they are; only the format of the file changes.",
    "To prompt and completionThe user's message becomes the prompt.",
  ]);
  await user.click(offers[1] as HTMLElement);
  const dialog = within(await screen.findByRole("dialog", { name: "To prompt and completion" }));
  expect(dialog.getByText("The user's message becomes the prompt.")).toBeVisible();

  // Changing one's mind about the place leaves everything as it was.
  fake.nextPick(null);
  await user.click(dialog.getByRole("button", { name: "Choose where…" }));
  expect(called(fake, "convert_dataset")).toHaveLength(0);
  const save = called(fake, "plugin:dialog|save")[0]?.args.options as { defaultPath: string };
  expect(save.defaultPath).toBe("/data/chats-prompt-completion.jsonl");

  fake.nextPick("/data/pairs.jsonl");
  await user.click(dialog.getByRole("button", { name: "Choose where…" }));
  expect(await dialog.findByText(/^1,498 rows written, .*; 2 left out$/)).toBeVisible();
  expect(called(fake, "convert_dataset")[0]?.args).toMatchObject({
    source: "d4",
    to: "prompt_completion",
    target: "/data/pairs.jsonl",
  });
  const left = within(dialog.getByRole("table", { name: "Rows left out" }));
  expect(left.getAllByRole("button", { name: /^Show row/ })).toHaveLength(2);
  await user.click(dialog.getByRole("button", { name: "Import it" }));
  expect(await screen.findByRole("dialog", { name: "Import a dataset" })).toBeVisible();
  expect(await screen.findByRole("textbox", { name: "Name" })).toHaveValue("pairs");
  clear();
});

test("a conversion that fails says why, and one that is stopped made nothing", async () => {
  const { fake, user } = open("d4", (fake) =>
    fake.on("convertDataset", () => {
      throw refusal("file", "The disk is full.", { hint: "Make room." });
    }),
  );
  await user.click(await screen.findByRole("tab", { name: "Problems" }));
  await user.click(await screen.findByRole("button", { name: "Convert…" }));
  await user.click((await screen.findAllByRole("menuitem"))[1] as HTMLElement);
  const dialog = within(await screen.findByRole("dialog", { name: "To prompt and completion" }));
  fake.nextPick("/data/pairs.jsonl");
  await user.click(dialog.getByRole("button", { name: "Choose where…" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("The disk is full.Make room.");

  fake.on(
    "convertDataset",
    () => new Promise((_, no) => fake.on("cancel", () => no(refusal("cancelled", "")))),
  );
  fake.nextPick("/data/pairs.jsonl");
  await user.click(dialog.getByRole("button", { name: "Choose where…" }));
  await dialog.findByRole("progressbar", { name: "Converting" });
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(await dialog.findByText("Converting was stopped. No file was made.")).toBeVisible();
});

function changed(condition: FileCondition) {
  return (_: Fake, files: Record<string, FakeFile>) => {
    files["/data/numbers.jsonl"] = { ...numbers, condition };
  };
}
const file = async () => within(await screen.findByRole("region", { name: "File" }));

test("a file that is as it was is said quietly", async () => {
  open("d1");
  expect((await file()).getByText(/5,000 rows, as it was when it was read$/)).toBeVisible();
  expect((await file()).getByRole("button", { name: "Copy path" })).toBeVisible();
  expect((await file()).queryByRole("status")).not.toBeInTheDocument();
});

test("a file that was written again is compared", async () => {
  const { user } = open("d1", changed("touched"));
  expect(await (await file()).findByText("The file was written since it was read")).toBeVisible();
  await user.click((await file()).getByRole("button", { name: "Compare the content" }));
  expect(await screen.findByText("The content is the same")).toBeVisible();
  expect(await (await file()).findByText(/as it was when it was read$/)).toBeVisible();
});

test("a file that changed is said with then and now, and can be taken as it is", async () => {
  const { user, fake } = open("d1", changed("changed"));
  const said = await file();
  expect(await said.findByText("The file is not what it was")).toBeVisible();
  const facts = within(said.getByRole("table"));
  expect(facts.getByRole("row", { name: /^Size/ })).toHaveTextContent(/KB, 1.2 KB more$/);
  await user.click(said.getByRole("button", { name: "Take it as it is" }));
  expect(await screen.findByText("Numbers has other rows now")).toBeVisible();
  expect(called(fake, "relocate_dataset")[0]?.args).toMatchObject({ id: "d1", path: "/data/numbers.jsonl" });
});

test("a file from elsewhere is read so that changes are noticed", async () => {
  const { user } = open("d1", changed("never_read"));
  await user.click(await (await file()).findByRole("button", { name: "Read it now" }));
  expect(await screen.findByText("From now on changes are noticed.")).toBeVisible();
});

test("a file that is not there any more is said, and can be chosen anew", async () => {
  const { fake, user } = open("d2");
  const said = await file();
  expect(await said.findByRole("alert")).toHaveTextContent(/The file is not there.*Rows8,214/);
  expect(screen.queryByRole("tab", { name: "Rows" })).not.toBeInTheDocument();
  fake.nextPick("/data/numbers.jsonl");
  await user.click(said.getByRole("button", { name: "Choose the file anew" }));
  expect(await screen.findByText("Moved was read")).toBeVisible();
  expect(await cell("text 1")).toBeVisible();
});

test("a file that can't be read says why, and can be tried again", async () => {
  const { fake, user } = open("d1", (fake) =>
    fake.on("previewDataset", () => {
      throw refusal("file", "numbers.jsonl is held by another program.");
    }),
  );
  const panel = within(await screen.findByRole("complementary", { name: "Numbers" }));
  expect(await panel.findByRole("alert")).toHaveTextContent("numbers.jsonl is held by another program.");
  installFakeFiles(fake, { "/data/numbers.jsonl": numbers });
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await cell("text 1")).toBeVisible();
});

test("the rows of a dataset on the Hub are not asked for", async () => {
  const { fake } = open("d3");
  expect(await screen.findByText(/are on the Hugging Face Hub and are not read here/)).toBeVisible();
  await waitFor(() => expect(screen.getByRole("complementary", { name: "squad" })).toBeVisible());
  expect(called(fake, "preview_dataset")).toHaveLength(0);
});

test("all problems of many are written into a file that is chosen", async () => {
  const { fake, user } = open("d4", (_, files) => {
    files["/data/chats.jsonl"] = { ...chats, diagnosis: { ...chats.diagnosis, errors: 250 } };
  });
  await user.click(await screen.findByRole("tab", { name: "Problems" }));
  fake.nextPick("/data/chats-problems.csv");
  await user.click(await screen.findByRole("button", { name: "Save the full list…" }));
  expect(await screen.findByText("251 problems are in chats-problems.csv.")).toBeVisible();
  expect(called(fake, "list_problems")[0]?.args).toMatchObject({ source: "d4" });
});
