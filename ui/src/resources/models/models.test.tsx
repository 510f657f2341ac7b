import { screen, waitFor, within } from "@testing-library/react";
import { expect, inject, test } from "vitest";
import { write } from "../../testing/example/files";
import { openStudio } from "../../testing/open";
import { importRows } from "../../testing/rows";

test("a model's folder is read: what it is, and that all of it is there", async () => {
  await openStudio("/models?id=b2c4", "example");
  const weights = within(await screen.findByRole("region", { name: "Weights" }));
  expect(await weights.findByText("The folder exists.")).toBeVisible();
  expect(weights.getByText("Qwen2ForCausalLM")).toBeVisible();
  expect(weights.getByText("88 (88)")).toBeVisible();
  expect(weights.getByText("32,768 tokens")).toBeVisible();
});

test("what is missing is named, and a note does not repeat it", async () => {
  const message = "2 files are missing: model-00002-of-00003.safetensors, model-00003-of-00003.safetensors.";
  await openStudio("/models?id=half", "empty", (host) => {
    const location = `${host.folder}/half`;
    const weights = [1, 2, 3].map((n) => `model-0000${n}-of-00003.safetensors`);
    const weight_map = Object.fromEntries(weights.map((file, at) => [`layers.${at}.weight`, file]));
    write(`${location}/config.json`, JSON.stringify({ architectures: ["Qwen2ForCausalLM"] }));
    write(`${location}/model.safetensors.index.json`, JSON.stringify({ metadata: {}, weight_map }));
    write(`${location}/${weights[0]}`, "no weights");
    return importRows(host.connection, { models: [{ id: "half", type: "project", name: "Half", location }] });
  });
  const weights = within(await screen.findByRole("region", { name: "Weights" }));
  expect(await weights.findByText(message)).toBeVisible();
  expect(within(weights.getByRole("list", { name: "Warnings" })).getAllByRole("listitem")).toHaveLength(1);
});

test("a chosen folder says what it holds and gives the name, which a person may change", async () => {
  const { user, host } = await openStudio("/models", "example");
  await user.click(await screen.findByRole("button", { name: "New model" }));
  const form = within(await screen.findByRole("dialog", { name: "New model" }));
  await user.click(form.getByRole("combobox", { name: /Type/ }));
  await user.click(await screen.findByRole("option", { name: "Folder" }));
  host.nextPick(`${inject("ada")}/models/qwen`);
  await user.click(await form.findByRole("button", { name: "Browse for folder" }));
  expect(await form.findByText(/Qwen2ForCausalLM · 88 parameters · BF16/)).toBeVisible();
  const name = form.getByRole("textbox", { name: /Name/ });
  await waitFor(() => expect(name).toHaveValue("qwen"));

  await user.clear(name);
  await user.type(name, "Mine");
  const folder = form.getByRole("textbox", { name: /Folder/ });
  await user.clear(folder);
  await user.type(folder, "/nowhere");
  expect(await form.findByText("The folder /nowhere does not exist.")).toBeVisible();
  expect(name).toHaveValue("Mine");
});

test("a model of the Hub's local cache is added by its Hub name; one that is here is linked", async () => {
  const { user, host } = await openStudio("/models", "example");
  await user.click(await screen.findByRole("button", { name: "From the Hub cache" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Models in the Hub cache" }));
  expect(await dialog.findByText("Qwen/Qwen2.5-0.5B-Instruct")).toBeVisible();
  expect(dialog.queryByText("ada/sql-lora")).not.toBeInTheDocument();
  expect(dialog.getByRole("link", { name: "Already here" })).toBeVisible();

  await user.type(dialog.getByRole("textbox", { name: /Search/ }), "qwen");
  expect(dialog.queryByText("google/gemma-3-1b-it")).not.toBeInTheDocument();
  await user.click(dialog.getByRole("button", { name: "Add Qwen/Qwen2.5-0.5B-Instruct" }));
  const form = within(await screen.findByRole("dialog", { name: "New model" }));
  expect(form.getByRole("textbox", { name: /Hub name/ })).toHaveValue("Qwen/Qwen2.5-0.5B-Instruct");
  await user.click(form.getByRole("button", { name: "Add model" }));
  await waitFor(() => expect(host.calls.some(({ command }) => command === "create")).toBe(true));
  const { args } = host.calls.find(({ command }) => command === "create") ?? {};
  expect(args?.fields).toMatchObject({
    type: "huggingface",
    huggingface_model_name: "Qwen/Qwen2.5-0.5B-Instruct",
  });
});
