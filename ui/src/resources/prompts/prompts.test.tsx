import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { viewOf, write } from "../../components/editor/write";
import { openStudio } from "../../testing/open";
import { refusal } from "../../testing/refusal";

const intent = "c0de1f3a-2b6d-4f7e-b1c2-9a8b7c6d5e33";

const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));
const editorNamed = (form: Awaited<ReturnType<typeof dialog>>, name: RegExp) =>
  form.findByRole("textbox", { name });
const textOf = (element: HTMLElement) => viewOf(element).state.doc.toString();

async function openNew() {
  const opened = await openStudio("/prompts", "example");
  await opened.user.click(await screen.findByRole("button", { name: "New prompt" }));
  const form = await dialog("New prompt");
  await opened.user.type(await form.findByRole("textbox", { name: /^Name/ }), "Intent");
  return { ...opened, form };
}

async function choose({ user, form }: Awaited<ReturnType<typeof openNew>>, label: RegExp, option: string) {
  await user.click(form.getByRole("combobox", { name: label }));
  await user.click(await screen.findByRole("option", { name: option }));
}

test("a new prompt starts from templates for the dataset, is tried on its rows and saved", async () => {
  const opened = await openNew();
  const { user, form, host } = opened;
  expect(form.getByText(/Choose a dataset to see one of its rows/)).toBeVisible();
  await choose(opened, /Dataset/, "Support tickets");
  const input = await editorNamed(form, /^Input/);
  await waitFor(() => expect(textOf(input)).toMatch(/\n\nInstruction: {instruction}\nIntent: $/));

  const filled = within(await form.findByRole("group", { name: "Input" }));
  expect(await filled.findByText("Please cancel my ticket for the derby.")).toBeVisible();
  await user.click(form.getByRole("button", { name: "Next row" }));
  expect(await filled.findByText(/better seat for the opera/)).toBeVisible();
  await user.keyboard("{Alt>}{PageDown}{/Alt}");
  expect(await filled.findByText(/When is la fête/)).toBeVisible();
  expect(form.getByRole("textbox", { name: "Row" })).toHaveValue("3");

  await user.click(form.getByRole("button", { name: "Add prompt" }));
  expect(await screen.findByRole("complementary", { name: "Intent" })).toBeVisible();
  const sent = host.calls.filter(({ command }) => command === "create").at(-1)?.args.fields;
  expect(sent).toMatchObject({ completion_template: "{intent}" });
  expect(sent).not.toHaveProperty("prompt_template");
});

test("what was written is not replaced when another dataset is chosen", async () => {
  const opened = await openNew();
  const { form } = opened;
  write(await editorNamed(form, /^Input/), "My own {instruction}");
  await choose(opened, /Dataset/, "Support tickets");
  expect(await form.findByRole("group", { name: "Input" })).toHaveTextContent("My own Please cancel");
  expect(textOf(await editorNamed(form, /^Input/))).toBe("My own {instruction}");
});

test("a placeholder that is no column is reported with the likely column, and corrected by a click", async () => {
  const { user } = await openStudio(`/prompts?id=${intent}`, "example");
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const form = await dialog("Edit Classify a ticket");
  const input = await editorNamed(form, /^Input/);
  write(input, "Say {instruktion}");
  await waitFor(() => expect(input).toHaveAccessibleDescription(/{instruktion} is not a column/));
  expect(input.querySelector(".cm-no-column")).toHaveTextContent("{instruktion}");
  await user.click(form.getByRole("button", { name: "Use {instruction}" }));
  await waitFor(() => expect(textOf(input)).toBe("Say {instruction}"));
  await waitFor(() => expect(input).not.toHaveAccessibleDescription(/is not a column/));
  expect(input.querySelector(".cm-column")).toHaveTextContent("{instruction}");
});

test("a column is put where the cursor is", async () => {
  const { user } = await openStudio(`/prompts?id=${intent}`, "example");
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const form = await dialog("Edit Classify a ticket");
  const completion = await editorNamed(form, /^Completion/);
  write(completion, "<>");
  completion.focus();
  viewOf(completion).dispatch({ selection: { anchor: 1 } });
  const columns = within(form.getByRole("group", { name: "Columns" }));
  await user.click(columns.getByRole("button", { name: "intent" }));
  expect(textOf(completion)).toBe("<{intent}>");
  expect(completion).toHaveFocus();
});

test("the training text follows the templates until it is edited, and again on request", async () => {
  const { user, host } = await openStudio(`/prompts?id=${intent}`, "example");
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const form = await dialog("Edit Classify a ticket");
  write(await editorNamed(form, /^Input/), "{instruction}\n");
  await user.click(form.getByRole("button", { name: "Write my own" }));
  const own = await editorNamed(form, /^Training text/);
  expect(textOf(own)).toBe("{instruction}\n{intent}</intent>");
  write(own, "{intent}!");
  await user.click(form.getByText("Training text", { selector: "label *, label" }));
  await waitFor(() =>
    expect(form.getByRole("group", { name: "Training text" })).toHaveTextContent("cancel_ticket!"),
  );
  await user.click(form.getByRole("button", { name: "Follow input and completion again" }));
  await user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  const sent = host.calls.filter(({ command }) => command === "update").at(-1)?.args.fields;
  expect(sent).toEqual({ input_template: "{instruction}\n" });
});

test("a refusal keeps what was typed, and closing asks", async () => {
  const { user, host } = await openStudio(`/prompts?id=${intent}`, "example");
  host.on("update", () => {
    const fields = [{ column: "completion_template", message: "Line 1, character 1: not this." }];
    throw refusal("invalid", "Line 1, character 1: not this.", { fields });
  });
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const form = await dialog("Edit Classify a ticket");
  const completion = await editorNamed(form, /^Completion/);
  write(completion, "{intent}?");
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(completion).toHaveAccessibleDescription(/not this/));
  expect(completion).toHaveAttribute("aria-invalid", "true");
  expect(textOf(completion)).toBe("{intent}?");
  await user.click(form.getByRole("button", { name: "Cancel" }));
  expect(await screen.findByRole("dialog", { name: "Discard what you typed?" })).toBeVisible();
});

test("a text beyond the limit is said to be cut", async () => {
  const { user } = await openStudio(`/prompts?id=${intent}`, "example");
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const form = await dialog("Edit Classify a ticket");
  const limit = form.getByRole("textbox", { name: /Tokens kept/ });
  await user.clear(limit);
  await user.type(limit, "5");
  expect(await form.findByText(/struck through in the training text, is cut/)).toBeVisible();
  await user.click(form.getByText("Training text", { selector: "label *, label" }));
  const cut = form.getByRole("group", { name: "Training text" }).querySelectorAll("[data-cut]");
  expect(cut.length).toBeGreaterThan(0);
});

test("the panel shows the prompt with the values of a row", async () => {
  const { user } = await openStudio(`/prompts?id=${intent}`, "example");
  const panel = within(await screen.findByRole("complementary", { name: "Classify a ticket" }));
  expect(await panel.findByText("cancel_ticket")).toBeVisible();
  await user.click(panel.getByRole("button", { name: "Next row" }));
  expect(await panel.findByText("upgrade_ticket")).toBeVisible();
  expect(panel.getByText("of 300")).toBeVisible();
});
