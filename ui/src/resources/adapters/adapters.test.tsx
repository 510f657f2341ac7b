import { screen, waitFor, within } from "@testing-library/react";
import { expect, inject, test } from "vitest";
import { openStudio } from "../../testing/open";

test("an adapter says its rank and targets, and that it fits its model", async () => {
  await openStudio("/adapters?id=d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544", "example");
  const weights = within(await screen.findByRole("region", { name: "Weights" }));
  expect(await weights.findByText("The folder exists.")).toBeVisible();
  expect(weights.getByText("q_proj, k_proj, v_proj, o_proj")).toBeVisible();
  expect(weights.getByText("16")).toBeVisible();
  expect(weights.queryByRole("list", { name: "Warnings" })).not.toBeInTheDocument();
});

test("an adapter's folder fills in its name and base model; another model is warned of before saving", async () => {
  const { user } = await openStudio("/adapters", "example");
  await user.click(await screen.findByRole("button", { name: "New adapter" }));
  const form = within(await screen.findByRole("dialog", { name: "New adapter" }));
  await user.type(form.getByRole("textbox", { name: /Folder/ }), `${inject("ada")}/adapters/tickets-intent`);
  expect(await form.findByText(/LORA · rank 16 · alpha 32/)).toBeVisible();
  const model = form.getByRole("combobox", { name: /Base model/ });
  await waitFor(() => expect(model).toHaveValue("Gemma 3 1B"));
  expect(form.getByRole("textbox", { name: /^Name/ })).toHaveValue("tickets-intent");

  await user.click(model);
  await user.click(await screen.findByRole("option", { name: "Qwen local" }));
  const warnings = within(await form.findByRole("list", { name: "Warnings" }));
  expect(
    warnings.getByText(
      "The adapter's configuration names the base model google/gemma-3-1b-it, not Qwen local.",
    ),
  ).toBeVisible();
});

test("a base model that is not here yet is named", async () => {
  const { user } = await openStudio("/adapters", "example");
  await user.click(await screen.findByRole("button", { name: "New adapter" }));
  const form = within(await screen.findByRole("dialog", { name: "New adapter" }));
  await user.type(form.getByRole("textbox", { name: /Folder/ }), `${inject("ada")}/adapters/sql`);
  expect(
    await form.findByText(/trained on Qwen\/Qwen2.5-0.5B, which is not in the list of models/),
  ).toBeVisible();
});
