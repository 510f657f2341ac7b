import { screen, waitFor, within } from "@testing-library/react";
import { expect, inject, test } from "vitest";
import { openStudio } from "../../testing/open";

/** Folders that are there, so that rows of them can be made. */
const models = () => ({
  models: ["Gemma", "Qwen", "Llama"].map((name) => ({
    id: name.toLowerCase(),
    type: "project",
    name,
    location: `${inject("ada")}/models/qwen`,
  })),
});

const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("gridcell")[1]?.textContent);

test("selected rows are tagged together, and the list is narrowed to the tag and kept as a filter", async () => {
  const { user, host } = await openStudio("/models", models());
  await user.click(await screen.findByRole("checkbox", { name: "Select Gemma" }));
  await user.click(screen.getByRole("checkbox", { name: "Select Llama" }));
  await user.click(screen.getByRole("button", { name: "Tag…" }));
  const dialog = await screen.findByRole("dialog", { name: "Tag 2 models" });
  await user.type(within(dialog).getByRole("combobox", { name: "Add tags" }), "good{Enter}");
  await user.click(within(dialog).getByRole("button", { name: "Change tags" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  const tagged = host.calls.filter(({ command }) => command === "tag").map(({ args }) => args.ids);
  expect(tagged).toEqual([["gemma", "llama"]]);

  await user.click(await screen.findByRole("combobox", { name: "Filter by tag" }));
  await user.click(await screen.findByRole("option", { name: "good" }));
  await waitFor(() => expect(names()).toEqual(["Gemma", "Llama"]));

  await user.click(screen.getByRole("button", { name: "Saved filters" }));
  await user.click(await screen.findByRole("menuitem", { name: "Save this filter…" }));
  await user.type(await screen.findByRole("textbox", { name: "Name" }), "Good ones");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("button", { name: "Saved filters: Good ones" })).toBeInTheDocument();
  expect(host.calls.find(({ command }) => command === "save_filter")?.args.view).toEqual({
    search: null,
    sort: null,
    filters: [{ column: "tag", value: "good" }],
  });
});

test("Escape closes the dialog for tags at once", async () => {
  const { user } = await openStudio("/models?id=qwen", models());
  await screen.findByRole("complementary", { name: "Qwen" });
  await user.keyboard("t");
  await screen.findByRole("dialog", { name: "Tag 1 model" });
  expect(screen.getByRole("combobox", { name: "Add tags" })).toHaveFocus();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("a row's tags are changed in its panel", async () => {
  const { user, host } = await openStudio("/models?id=qwen", models());
  const field = await screen.findByRole("combobox", { name: "Tags" });
  await user.type(field, "small{Enter}");
  await waitFor(async () => expect((await host.core.get("models", "qwen")).tags).toEqual(["small"]));
  expect(field).toHaveFocus();
  await user.keyboard("{Backspace}");
  await waitFor(async () => expect((await host.core.get("models", "qwen")).tags).toEqual([]));
});

test("a row's menu opens by key and by pointer, and duplicates", async () => {
  const { user } = await openStudio("/models", models());
  const grid = await screen.findByRole("grid", { name: "Models" });
  await screen.findByRole("row", { name: /Gemma/ });
  grid.focus();
  await user.keyboard("{Shift>}{F10}{/Shift}");
  expect(await screen.findByRole("menuitem", { name: /Copy identifier/ })).toBeVisible();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("menu")).not.toBeInTheDocument());
  await user.pointer({ keys: "[MouseRight]", target: screen.getByText("Qwen") });
  await user.click(await screen.findByRole("menuitem", { name: /Duplicate/ }));
  expect(await screen.findByRole("complementary", { name: "Qwen copy" })).toBeVisible();
});

test("a tag is renamed and deleted on every row", async () => {
  const { user, host } = await openStudio("/models", models());
  await host.core.tag("models", ["gemma", "qwen"], ["odl"]);
  await screen.findByRole("row", { name: /Gemma/ });
  await user.click(screen.getByRole("button", { name: "Saved filters" }));
  await user.click(await screen.findByRole("menuitem", { name: "Rename or delete tags…" }));
  await user.click(await screen.findByRole("button", { name: "Rename odl" }));
  const field = screen.getByRole("textbox", { name: "New name of odl" });
  await user.clear(field);
  await user.type(field, "old{Enter}");
  await waitFor(async () => expect((await host.core.get("models", "qwen")).tags).toEqual(["old"]));
  await user.click(await screen.findByRole("button", { name: "Delete old" }));
  await waitFor(async () => expect(await host.core.tags(null)).toEqual([]));
});
