import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openStudio } from "../../testing/open";
import { refusal } from "../../testing/refusal";
import { write } from "../editor/write";

const dialog = (name: string) => screen.findByRole("dialog", { name });

test("a form shows the fields of the chosen type and asks for what is missing", async () => {
  const { user, host } = await openStudio("/models");
  await user.click(await screen.findByRole("button", { name: "New model" }));
  const form = within(await dialog("New model"));
  expect(form.getByRole("textbox", { name: /Hub name/ })).toBeVisible();
  expect(form.queryByRole("textbox", { name: /Folder/ })).not.toBeInTheDocument();

  await user.click(form.getByRole("button", { name: "Add model" }));
  expect(await form.findByText("Hub name is needed.")).toBeVisible();
  expect(form.queryByText("Name is needed.")).not.toBeInTheDocument();
  expect(form.getByRole("textbox", { name: /Hub name/ })).toHaveFocus();
  expect(host.calls.some(({ command }) => command === "create")).toBe(false);

  await user.click(form.getByRole("combobox", { name: /Type/ }));
  await user.click(await screen.findByRole("option", { name: "Folder" }));
  expect(await form.findByRole("textbox", { name: /Folder/ })).toBeVisible();
  expect(form.queryByRole("textbox", { name: /Hub name/ })).not.toBeInTheDocument();
});

test("a refusal stands beside its field and keeps what was typed", async () => {
  const { user, host } = await openStudio("/models", {
    models: [{ id: "a", type: "project", name: "Gemma", location: "/m" }],
  });
  await user.click(await screen.findByRole("button", { name: "New model" }));
  const form = within(await dialog("New model"));
  const name = form.getByRole("textbox", { name: /^Name/ });
  await user.type(name, "Gemma");
  await user.type(form.getByRole("textbox", { name: /Hub name/ }), "google/gemma");
  await user.click(form.getByRole("button", { name: "Add model" }));

  expect(await form.findByText("Another model already has the name 'Gemma'.")).toBeVisible();
  expect(name).toHaveAccessibleDescription(/already has the name/);
  expect(name).toHaveValue("Gemma");
  expect(form.getByRole("textbox", { name: /Hub name/ })).toHaveValue("google/gemma");

  await user.type(name, " 2{Control>}{Enter}{/Control}");
  expect(await screen.findByRole("complementary", { name: "Gemma 2" })).toBeVisible();
  const sent = host.calls.filter(({ command }) => command === "create").at(-1)?.args.fields;
  expect(sent).toEqual({ type: "huggingface", name: "Gemma 2", huggingface_model_name: "google/gemma" });
});

test("a refusal that belongs to no field is shown above, with its hint", async () => {
  const { user } = await openStudio("/models?id=x", {}, (host) => {
    host.on("create", () => {
      throw refusal("locked", "The file is locked.", { hint: "Close the other program that has it open." });
    });
  });
  await screen.findByText("No models yet");
  await user.keyboard("{Control>}n{/Control}");
  const form = within(await dialog("New model"));
  await user.type(form.getByRole("textbox", { name: /Hub name/ }), "google/gemma");
  await user.click(form.getByRole("button", { name: "Add model" }));
  const alert = await form.findByRole("alert");
  expect(alert).toHaveTextContent("The file is locked.");
  expect(alert).toHaveTextContent("Close the other program that has it open.");
});

test("numbers and JSON are checked while typing", async () => {
  const { user } = await openStudio("/fine_tuning_jobs", "example");
  await user.click(await screen.findByRole("button", { name: "Add a record" }));
  const form = within(await dialog("New fine-tuning job"));
  const rate = form.getByRole("textbox", { name: /Learning rate/ });
  await user.clear(rate);
  await user.type(rate, "-1");
  expect(await form.findByText("This must be more than 0.")).toBeVisible();
  await user.clear(rate);
  await user.type(rate, "2e-4");
  expect(form.queryByText("This must be more than 0.")).not.toBeInTheDocument();
  const lora = await form.findByRole("textbox", { name: "LoRA" });
  write(lora, "{}");
  expect(form.queryByText(/not valid JSON/)).not.toBeInTheDocument();
  write(lora, "{}x");
  expect(await form.findByText(/This is not valid JSON/)).toBeVisible();
});

test("a reference is chosen from what the database finds", async () => {
  const { user, host } = await openStudio("/prompts", "example");
  await user.click(await screen.findByRole("button", { name: "New prompt" }));
  const form = within(await dialog("New prompt"));
  const dataset = form.getByRole("combobox", { name: /Dataset/ });
  await user.type(dataset, "squ");
  const searches = () =>
    host.calls.filter(({ args }) => args.table === "datasets").map(({ args }) => args.query?.search);
  await waitFor(() => expect(searches()).toContain("squ"));
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  await user.click(await screen.findByRole("option", { name: "squad" }));
  expect(dataset).toHaveValue("squad");
});

test("editing sends only what changed, and closing asks before discarding", async () => {
  const { user, host } = await openStudio("/adapters?id=ad02", "example");
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const form = within(await dialog("Edit sql-lora"));
  await user.type(form.getByRole("textbox", { name: /Description/ }), "From the Hub");
  await user.keyboard("{Escape}");
  const question = within(await dialog("Discard what you typed?"));
  await user.click(question.getByRole("button", { name: "Keep editing" }));
  await waitFor(() => expect(screen.queryByText("Discard what you typed?")).not.toBeInTheDocument());
  expect(form.getByRole("textbox", { name: /Description/ })).toHaveValue("From the Hub");
  await user.click(form.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  const sent = host.calls.filter(({ command }) => command === "update").at(-1)?.args.fields;
  expect(sent).toEqual({ description: "From the Hub" });
});

test("an identical row is recognized, said and opened", async () => {
  const { user } = await openStudio("/configs", {
    configs: [{ id: "c", type: "lora_config", description: "Mine", config: "{}" }],
  });
  await user.click(await screen.findByRole("button", { name: "New config" }));
  const form = within(await dialog("New config"));
  await user.click(form.getByRole("combobox", { name: /Type/ }));
  await user.click(await screen.findByRole("option", { name: "LoRA" }));
  write(await form.findByRole("textbox", { name: /Settings/ }), "{}");
  await user.click(form.getByRole("button", { name: "Add config" }));
  expect(await screen.findByText("This config already exists")).toBeVisible();
  expect(await screen.findByRole("complementary", { name: "Mine" })).toBeVisible();
});

test("a folder is picked with the system's dialog", async () => {
  const { user, host } = await openStudio("/models?id=m", {
    models: [{ id: "m", type: "project", name: "Local", location: "/old" }],
  });
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const form = within(await dialog("Edit Local"));
  host.nextPick("/home/ada/models/new");
  await user.click(form.getByRole("button", { name: "Browse for folder" }));
  await waitFor(() =>
    expect(form.getByRole("textbox", { name: /Folder/ })).toHaveValue("/home/ada/models/new"),
  );
});
