import { forEachDiagnostic } from "@codemirror/lint";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, inject, test } from "vitest";
import { viewOf, write } from "../../components/editor/write";
import { openStudio, type Start } from "../../testing/open";

const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));

async function newConfig(type: string, filling: Start = "example") {
  const page = await openStudio("/configs", filling);
  await page.user.click(await screen.findByRole("button", { name: "New config" }));
  const form = await dialog("New config");
  await page.user.click(form.getByRole("combobox", { name: /Type/ }));
  await page.user.click(await screen.findByRole("option", { name: type }));
  const editor = await form.findByRole("textbox", { name: "Settings" });
  const text = () => viewOf(editor).state.doc.toString();
  await waitFor(() => expect(text()).not.toBe(""));
  return { ...page, form, editor, text };
}

test("a form and an editor change one text, which keeps its order and what the form does not know", async () => {
  const { user, form, editor, text } = await newConfig("LoRA");
  const rank = form.getByRole("textbox", { name: "Rank" });
  expect(rank).toHaveValue("16");
  write(editor, '{"of_mine": [1,  2], "r": 16, "bias": "none"}');
  await user.clear(rank);
  await waitFor(() => expect(text()).toBe('{"of_mine": [1,  2], "bias": "none"}'));
  write(editor, '{"of_mine": [1,  2], "r": 16, "bias": "none"}');
  await waitFor(() => expect(rank).toHaveValue("16"));
  await user.type(rank, "{Backspace}2");
  await waitFor(() => expect(text()).toBe('{"of_mine": [1,  2], "r": 12, "bias": "none"}'));
  expect(await form.findByText("Not checked, and kept as they are: of_mine.")).toBeVisible();

  await user.type(form.getByRole("textbox", { name: "Dropout" }), "1e-1");
  await waitFor(() => expect(text()).toContain('"lora_dropout": 1e-1'));
  await user.type(form.getByRole("combobox", { name: "Target modules" }), "q_proj{Enter}v_proj{Enter}");
  await waitFor(() => expect(text()).toContain('"target_modules": ["q_proj", "v_proj"]'));
  await user.type(form.getByRole("combobox", { name: "Target modules" }), "all-linear{Enter}");
  await waitFor(() => expect(text()).toContain('"target_modules": "all-linear"'));
  await user.click(form.getByRole("switch", { name: "DoRA" }));
  await waitFor(() => expect(text()).toContain('"use_dora": true'));
});

test("what is changed is marked and goes back to its default", async () => {
  const { user, form, text } = await newConfig("LoRA");
  expect(form.queryByRole("button", { name: /^Reset/ })).not.toBeInTheDocument();
  const alpha = form.getByRole("textbox", { name: "Alpha" });
  await user.clear(alpha);
  expect(alpha).toHaveAttribute("placeholder", "8");
  await user.click(form.getByRole("button", { name: "Reset Alpha to 32" }));
  expect(alpha).toHaveValue("32");
  await user.click(form.getByRole("switch", { name: "DoRA" }));
  await user.click(form.getByRole("button", { name: "Reset DoRA to off" }));
  await waitFor(() => expect(text()).not.toContain("use_dora"));
});

test("a wrong setting is reported beside its field and marked in the text", async () => {
  const { user, form, editor } = await newConfig("LoRA");
  const rank = form.getByRole("textbox", { name: "Rank" });
  await user.clear(rank);
  await user.type(rank, "0");
  await waitFor(() => expect(rank).toHaveAccessibleDescription(/r must be at least 1, not 0\./));
  const marks: string[] = [];
  await waitFor(() => {
    forEachDiagnostic(viewOf(editor).state, ({ message }) => marks.push(message));
    expect(marks).toContain("r must be at least 1, not 0.");
  });
  write(editor, "{");
  expect(
    await form.findByText("Line 1, column 1: This is not JSON: EOF while parsing an object."),
  ).toBeVisible();
  expect(form.getByText(/The text beside is not valid JSON/)).toBeVisible();
  expect(rank).toBeDisabled();
});

test("a new config starts from a preset, and typed settings are not lost to another", async () => {
  const { user, form, text } = await newConfig("LoRA");
  const start = form.getByRole("combobox", { name: "Start from" });
  expect(start).toHaveValue("Studio default");
  await user.click(start);
  await user.click(await screen.findByRole("option", { name: "Medium, rank 32" }));
  expect(text()).toContain('"r": 32');
  await user.type(form.getByRole("textbox", { name: "Rank" }), "0");
  await user.click(start);
  await user.click(await screen.findByRole("option", { name: "Studio default" }));
  const question = await dialog("Start from “Studio default”?");
  await user.click(question.getByRole("button", { name: "Keep mine" }));
  expect(text()).toContain('"r": 320');
});

test("an untouched new config closes without a question", async () => {
  const { user } = await openStudio("/configs", "example");
  await user.click(await screen.findByRole("button", { name: "New config" }));
  const form = await dialog("New config");
  await form.findByRole("textbox", { name: "Epochs" });
  await user.click(form.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("a config that says the same is offered before anything is saved", async () => {
  const { user, form, editor, host } = await newConfig("LoRA");
  write(editor, '{"r": 16, "lora_alpha": 32, "lora_dropout": 0.05}');
  expect(await form.findByText("Same as “LoRA, rank 16”.")).toBeVisible();
  await user.click(form.getByRole("button", { name: "Open it" }));
  expect(await screen.findByRole("complementary", { name: "LoRA, rank 16" })).toBeVisible();
  expect(host.calls.map(({ command }) => command)).not.toContain("create");
});

test("axolotl's formats are offered by the columns of a dataset, and comments stay", async () => {
  const { user, form, text, editor } = await newConfig("Axolotl (YAML)");
  write(editor, "# mine\ndatasets:\n  - path: # the rows\n    type: # their form\nlora_r: 8\n");
  expect(form.getAllByRole("radio")).toHaveLength(20);
  await user.click(form.getByRole("combobox", { name: "Dataset" }));
  await user.click(await screen.findByRole("option", { name: "Support tickets" }));
  const best = await form.findByRole("radio", { name: "creative_acr.load_answer, lacks revision" });
  expect(form.getAllByRole("radio")[0]).toBe(best);
  await user.click(best);
  await waitFor(() =>
    expect(text()).toBe(
      `# mine\ndatasets:\n  - path: ${inject("ada")}/data/support-tickets.csv # the rows\n    type: creative_acr.load_answer # their form\nlora_r: 8\n`,
    ),
  );
  expect(best).toBeChecked();
});

test("the panel shows settings in words and makes a preset of them", async () => {
  const { user } = await openStudio("/configs?id=cf03", "example");
  const panel = within(await screen.findByRole("complementary", { name: "All linear layers" }));
  expect(await panel.findByText("default 16")).toBeVisible();
  expect(panel.getByText("q_proj, k_proj, v_proj")).toBeVisible();
  expect(panel.getByText("Not checked")).toBeVisible();
  expect(panel.getByText("Left out, unlike the defaults: Task.")).toBeVisible();
  await user.click(panel.getByRole("button", { name: "Make it a preset" }));
  expect(await panel.findByRole("button", { name: "No longer a preset" })).toBeVisible();
  await user.click(await screen.findByRole("button", { name: "New config" }));
  const form = await dialog("New config");
  await user.click(form.getByRole("combobox", { name: /Type/ }));
  await user.click(await screen.findByRole("option", { name: "LoRA" }));
  await user.click(form.getByRole("combobox", { name: "Start from" }));
  expect(await screen.findByRole("option", { name: "All linear layers" })).toBeVisible();
});

test("two selected configs are compared by what differs", async () => {
  const { user } = await openStudio("/configs", "example");
  await user.click(await screen.findByRole("checkbox", { name: "Select LoRA, rank 16" }));
  expect(screen.getByRole("button", { name: "Compare" })).toHaveAttribute("aria-disabled", "true");
  await user.click(screen.getByRole("checkbox", { name: "Select All linear layers" }));
  await user.click(screen.getByRole("button", { name: "Compare" }));
  const compare = await dialog("Compare two configs");
  expect(await compare.findByText("5 settings differ.")).toBeVisible();
  expect(compare.getByRole("row", { name: "r 16 32 Changed" })).toBeVisible();
  expect(compare.queryByText("lora_dropout")).not.toBeInTheDocument();
  await user.click(compare.getByRole("switch", { name: "Show the equal one too" }));
  expect(compare.getByRole("row", { name: "lora_dropout 0.05 0.05 Equal" })).toBeVisible();
});

test("a config is compared with another from its panel", async () => {
  const { user } = await openStudio("/configs?id=a", {
    configs: [
      { id: "a", type: "custom", description: "One", config: '{"x": {"y": 1}}' },
      { id: "b", type: "axolotl", description: "Two", config: "x:\n  y: 1\n" },
    ],
  });
  await user.click(await screen.findByRole("button", { name: "Compare with…" }));
  const compare = await dialog("Compare “One”");
  await user.click(compare.getByRole("combobox", { name: /With/ }));
  await user.click(await screen.findByRole("option", { name: "Two" }));
  expect(await compare.findByText("The two configs have the same settings.")).toBeVisible();
});
