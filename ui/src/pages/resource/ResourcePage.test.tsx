import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openStudio } from "../../testing/open";

const models = {
  models: ["Gemma", "Qwen", "Llama"].map((name) => ({
    id: name.toLowerCase(),
    type: "project",
    name,
    location: `/models/${name}`,
  })),
};

const names = () => {
  const rows = screen.getAllByRole("row").slice(1);
  return rows.map((row) => within(row).getAllByRole("gridcell")[1]?.textContent);
};

test("a list shows its rows, and the search asks the database", async () => {
  const { user, host } = await openStudio("/models", models);
  expect(await screen.findByRole("row", { name: /Gemma/ })).toBeVisible();
  expect(names()).toEqual(["Gemma", "Qwen", "Llama"]);

  await user.type(screen.getByRole("searchbox", { name: "Search models" }), "qw");
  await waitFor(() => expect(names()).toEqual(["Qwen"]));
  const searches = host.calls
    .filter(({ command }) => command === "list")
    .map(({ args }) => args.query.search);
  expect(searches.at(-1)).toBe("qw");
  expect(screen.getByRole("status")).toHaveTextContent("1 model");
});

test("a search without a match says so and offers the way back", async () => {
  const { user } = await openStudio("/models?q=zebra", models);
  expect(await screen.findByText("No models match “zebra”")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Show all models" }));
  expect(await screen.findByRole("row", { name: /Gemma/ })).toBeVisible();
});

test("a column sorts up, then down, by the database", async () => {
  const { user } = await openStudio("/models", models);
  await screen.findByRole("row", { name: /Gemma/ });
  const sort = screen.getByRole("button", { name: "Name" });
  await user.click(sort);
  await waitFor(() => expect(names()).toEqual(["Gemma", "Llama", "Qwen"]));
  await user.click(sort);
  await waitFor(() => expect(names()).toEqual(["Qwen", "Llama", "Gemma"]));
  expect(screen.getByRole("columnheader", { name: /^Name/ })).toHaveAttribute("aria-sort", "descending");
});

test("only the rows around the sight are read", async () => {
  const rows = Array.from({ length: 1000 }, (_, n) => ({
    id: `m${n}`,
    type: "project",
    name: `Model ${n}`,
    location: "/m",
  }));
  const { host } = await openStudio("/models", { models: rows });
  expect(await screen.findByText("1,000 models")).toBeVisible();
  const read = host.calls.filter(({ command, args }) => command === "list" && args.table === "models");
  // Read again where the core reports a change while the page loads, but the first rows alone.
  expect(new Set(read.map(({ args }) => args.query.offset))).toEqual(new Set([0]));
  const drawn = (await screen.findAllByRole("row", { name: /Model/ })).length;
  expect(drawn).toBeGreaterThan(10);
  expect(drawn).toBeLessThan(60);
});

test("an empty page says what belongs there and has one button", async () => {
  const { user } = await openStudio("/models");
  expect(await screen.findByText("No models yet")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "New model" }));
  expect(await screen.findByRole("dialog", { name: "New model" })).toBeVisible();
});

test("a value the studio does not know is shown with a mark", async () => {
  await openStudio("/datasets", "example");
  const row = await screen.findByRole("row", { name: /Old export/ });
  expect(within(row).getByText("parquet")).toBeVisible();
  expect(within(row).getByRole("img", { name: "'parquet' is not a type this program knows." })).toBeVisible();
});

test("a reference shows the other row's name, and a missing one is marked", async () => {
  await openStudio("/adapters", "example");
  const row = await screen.findByRole("row", { name: /tickets-intent/ });
  expect(within(row).getByRole("link", { name: "Gemma 3 1B" })).toBeVisible();
  const broken = screen.getByRole("row", { name: /sql-lora/ });
  expect(
    within(broken).getByRole("img", { name: "The model that it refers to does not exist." }),
  ).toBeVisible();
});

test("the detail shows what a row uses and what uses it, and Escape closes it", async () => {
  const { user } = await openStudio("/models", "example");
  await user.click(await screen.findByText("Gemma 3 1B"));
  const panel = await screen.findByRole("complementary", { name: "Gemma 3 1B" });
  expect(within(panel).getByText("google/gemma-3-1b-it")).toBeVisible();
  expect(await within(panel).findAllByRole("link", { name: "tickets-intent" })).toHaveLength(2);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(panel).not.toBeInTheDocument());
});

test("the Escape that closes a dialog leaves the panel behind it open", async () => {
  const { user } = await openStudio("/models?id=qwen", models);
  await screen.findByRole("complementary", { name: "Qwen" });
  const dialog = document.createElement("div");
  dialog.setAttribute("role", "dialog");
  dialog.setAttribute("aria-modal", "true");
  document.body.append(dialog);
  // As in a browser: the dialog handles the key first and closes at once.
  window.addEventListener("keydown", () => dialog.remove(), { capture: true, once: true });
  await user.keyboard("{Escape}");
  expect(screen.getByRole("complementary", { name: "Qwen" })).toBeVisible();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("complementary")).not.toBeInTheDocument());
});

test("the keys move through the list, open, select and delete", async () => {
  const { user } = await openStudio("/models", models);
  const grid = await screen.findByRole("grid", { name: "Models" });
  grid.focus();
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}{Enter}");
  expect(await screen.findByRole("complementary", { name: "Qwen" })).toBeVisible();
  await user.keyboard("{Escape} ");
  expect(await screen.findByText("1 selected")).toBeVisible();
  await user.keyboard("{Delete}");
  expect(await screen.findByRole("dialog", { name: "Delete “Qwen”?" })).toBeVisible();
});

test("shortcuts: search, new, the list of shortcuts; not while typing", async () => {
  const { user } = await openStudio("/models", models);
  await screen.findByRole("row", { name: /Gemma/ });
  await user.keyboard("/");
  const search = screen.getByRole("searchbox", { name: "Search models" });
  expect(search).toHaveFocus();
  await user.keyboard("?");
  expect(search).toHaveValue("?");
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  await user.keyboard("{Escape}?");
  expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  await user.keyboard("{Control>}n{/Control}");
  expect(await screen.findByRole("dialog", { name: "New model" })).toBeVisible();
});

test("the palette finds rows of any table and goes there", async () => {
  const { user, router } = await openStudio("/settings", "example");
  await screen.findByRole("link", { name: "Models" });
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("textbox", { name: /Go to a page/ }), "classify");
  const found = await screen.findByRole("button", { name: /a ticket prompt/ });
  await user.click(found);
  await waitFor(() => expect(router.state.location.pathname).toBe("/prompts"));
  expect(await screen.findByRole("complementary", { name: "Classify a ticket" })).toBeVisible();
});

test("a column is resized by keys, and keeps its width", async () => {
  const { user, unmount } = await openStudio("/models", models);
  const edge = () => screen.findByRole("separator", { name: "Width of Type" });
  const before = Number((await edge()).getAttribute("aria-valuenow"));
  (await edge()).focus();
  await user.keyboard("{ArrowLeft}{ArrowLeft}");
  await waitFor(async () => expect(Number((await edge()).getAttribute("aria-valuenow"))).toBe(before - 32));
  unmount();
  await openStudio("/models", models);
  expect(Number((await edge()).getAttribute("aria-valuenow"))).toBe(before - 32);
});

test("each row has a button for its menu, which gives the focus back", async () => {
  const { user } = await openStudio("/models", models);
  const grid = await screen.findByRole("grid", { name: "Models" });
  await screen.findByRole("row", { name: /Gemma/ });
  grid.focus();
  await user.keyboard("{ArrowDown}");
  // Only the active row's is on the way of Tab.
  const button = screen.getByRole("button", { name: "Actions for Qwen" });
  expect(button).toHaveAttribute("tabindex", "0");
  expect(screen.getByRole("button", { name: "Actions for Gemma" })).toHaveAttribute("tabindex", "-1");
  button.focus();
  await user.keyboard("{Enter}");
  expect(await screen.findByRole("menuitem", { name: "Export row…" })).toBeVisible();
  expect(screen.queryByRole("complementary")).not.toBeInTheDocument();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("menu")).not.toBeInTheDocument());
  await waitFor(() => expect(document.activeElement).not.toBe(document.body));
});

test("a list is narrowed to rows with problems, or to what nothing uses", async () => {
  const { user, host } = await openStudio("/adapters", "example");
  await screen.findByRole("row", { name: /tickets-intent/ });
  await user.click(screen.getByRole("button", { name: "Filter by state" }));
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "With problems" }));
  await waitFor(() => expect(names()).toEqual(["sql-lora"]));
  const asked = () => host.calls.filter(({ command }) => command === "list").at(-1)?.args.query.filters;
  expect(asked()).toEqual([{ column: "problems", value: "yes" }]);
  await user.click(screen.getByRole("button", { name: "Filter by state: with problems" }));
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "With problems" }));
  await user.click(await screen.findByRole("button", { name: "Filter by state" }));
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "Used by others" }));
  await waitFor(() => expect(names()).toEqual(["tickets-intent"]));
  expect(asked()).toEqual([{ column: "used", value: "yes" }]);
});

test("a filter narrows the list, and the selection counts its rows", async () => {
  const { user, host } = await openStudio("/datasets", "example");
  await screen.findByRole("row", { name: /Support tickets/ });
  await user.click(screen.getByRole("combobox", { name: "Filter by type" }));
  await user.click(await screen.findByRole("option", { name: "CSV file" }));
  await waitFor(() => expect(names()).toEqual(["Support tickets"]));
  const asked = host.calls.filter(({ command }) => command === "list").at(-1)?.args.query.filters;
  expect(asked).toEqual([{ column: "type", value: "project_csv" }]);
  await user.click(screen.getByRole("checkbox", { name: "Select all rows" }));
  expect(await screen.findByText("1 selected")).toBeVisible();
});
