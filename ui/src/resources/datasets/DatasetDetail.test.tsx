import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ABOUT, called, cell, openDataset } from "../../testing/datasets";
import { openStudio } from "../../testing/open";
import { refusal } from "../../testing/refusal";

test("a folder shows all its rows, or those of one split", async () => {
  const { user, host, id } = await openDataset("Splits");
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
  const { host, user } = await openDataset("Numbers");
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
  const { user } = await openDataset("Numbers");
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
  const { user } = await openDataset("Numbers", (host, id) =>
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
  const { user } = await openDataset("Numbers");
  await cell("text 1");
  await user.type(screen.getByRole("textbox", { name: "Go to row" }), "2345{Enter}");
  await cell("text 2345");
  await user.click(screen.getByRole("gridcell", { name: "text 2346" }));
  await user.click(screen.getByRole("button", { name: "Enlarge" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Numbers" }));
  expect(await dialog.findByRole("gridcell", { name: "text 2346" })).toHaveAttribute("aria-selected", "true");
});

test("lists of messages are read as a conversation, other nested values as a tree", async () => {
  const { user } = await openDataset("Chats");
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
  const { user } = await openDataset("Chats");
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
  const { host, user } = await openDataset("Chats", (host) => {
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

test("a file that can't be read says why, and can be tried again", async () => {
  const { host, user } = await openDataset("Numbers", (host) =>
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
