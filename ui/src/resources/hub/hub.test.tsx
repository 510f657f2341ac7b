import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { hubServer } from "../../testing/hubServer";
import { openStudio } from "../../testing/open";

async function hubForm(user: Awaited<ReturnType<typeof openStudio>>["user"], button: string, title: string) {
  await user.click(await screen.findByRole("button", { name: button }));
  return within(await screen.findByRole("dialog", { name: title }));
}

test("a typed Hub name is checked once typing stops, and what the Hub knows is said", async () => {
  const { user, host } = await openStudio("/datasets", "empty", undefined, { hub: await hubServer() });
  const form = await hubForm(user, "Add from the Hub", "New dataset");
  await user.type(form.getByRole("textbox", { name: /Hub name/ }), "rajpurkar/squad");
  expect(await form.findByText("rajpurkar/squad is on the Hub.")).toBeVisible();
  expect(
    form.getByText(/columns id, title, context, question, answers · train \(87,599 rows\)/),
  ).toBeVisible();
  expect(host.calls.filter(({ command }) => command === "hub_info")).toHaveLength(1);
});

test("offline, a name can be saved and stays unverified until it is verified", async () => {
  const { user, host } = await openStudio(
    "/models",
    "empty",
    ({ core }) => core.setHubSettings({ offline: true, endpoint: null, python: null }),
    { hub: await hubServer() },
  );
  const form = await hubForm(user, "New model", "New model");
  await user.type(form.getByRole("textbox", { name: /Hub name/ }), "google/gemma-3-1b-it");
  expect(await form.findByText(/set to work offline.*You can save it anyway/)).toBeVisible();
  await user.click(form.getByRole("button", { name: "Add model" }));
  const hub = within(await screen.findByRole("region", { name: "On the Hub" }));
  expect(await hub.findByText(/Unverified: the Hub has not confirmed google\/gemma-3-1b-it\./)).toBeVisible();

  await user.click(hub.getByRole("button", { name: "Verify" }));
  expect(await hub.findByText(/Not checked/)).toBeVisible();
  await host.core.setHubSettings({ offline: false, endpoint: null, python: null });
  await user.click(hub.getByRole("button", { name: "Verify" }));
  expect(await hub.findByText(/Verified/)).toBeVisible();
  expect(await hub.findByText("Gemma3ForCausalLM")).toBeVisible();
  expect(hub.queryByText(/Not checked/)).not.toBeInTheDocument();
});

test("a name that the Hub does not have is said calmly beside the field", async () => {
  const { user } = await openStudio("/models", "empty", undefined, { hub: await hubServer() });
  const form = await hubForm(user, "New model", "New model");
  await user.type(form.getByRole("textbox", { name: /Hub name/ }), "google/gema");
  expect(await form.findByText(/The Hub has no repository google\/gema/)).toBeVisible();
  expect(form.getByRole("button", { name: "Add model" })).toBeEnabled();
});

test("rows that are not by Hub name say nothing of the Hub", async () => {
  await openStudio("/models?id=b2c4", "example");
  await screen.findByRole("region", { name: "Weights" });
  expect(screen.queryByRole("region", { name: "On the Hub" })).not.toBeInTheDocument();
});

test("a dataset by Hub name shows its columns and splits once verified", async () => {
  const row = { id: "sq", type: "huggingface", name: "squad", huggingface_name: "rajpurkar/squad" };
  const { user } = await openStudio("/datasets?id=sq", { datasets: [row] }, undefined, {
    hub: await hubServer(),
  });
  const hub = within(await screen.findByRole("region", { name: "On the Hub" }));
  await user.click(hub.getByRole("button", { name: "Verify" }));
  await waitFor(() => expect(hub.getByText("train (87,599 rows), validation (10,570 rows)")).toBeVisible());
});
