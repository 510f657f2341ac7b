import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ExportRequest } from "../../bindings";
import { openStudio } from "../../testing/open";

const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";

test("the card is made of the rows, and a changed one can be taken back", async () => {
  const { user } = await openStudio(`/export?adapter=${adapter}`, "example");
  await user.click(await screen.findByRole("radio", { name: "Hugging Face Hub" }));
  const card = await screen.findByRole("textbox", { name: "Card" });
  await waitFor(() => expect(card).toHaveDisplayValue(/base_model_relation: adapter/));
  const made = (card as HTMLTextAreaElement).value;
  expect(screen.getByRole("checkbox", { name: "Everyone can see it" })).not.toBeChecked();

  await user.type(screen.getByRole("textbox", { name: "Repository" }), "labels");
  const summary = within(screen.getByRole("region", { name: "Summary" }));
  expect(await summary.findByText(/Write it as organization\/name, with letters/)).toBeVisible();
  await user.type(screen.getByRole("textbox", { name: "Repository" }), "/tickets");
  await waitFor(() => expect(summary.queryByText(/Write it as organization\/name, with letters/)).toBeNull());

  await user.type(card, "Mine");
  expect(card).toHaveDisplayValue(/Mine/);
  await user.click(screen.getByRole("button", { name: "Use the card made of the rows" }));
  await waitFor(() => expect(card).not.toHaveDisplayValue(/Mine/));
  expect((card as HTMLTextAreaElement).value).toContain(made.slice(0, 20));
}, 30_000);

test("an adapter is registered with the settings that it answers with", async () => {
  const { host, user } = await openStudio(`/export?adapter=${adapter}`, "example");
  await host.core.setQueue({ paused: true, at_once: 1 });
  await user.click(await screen.findByRole("radio", { name: "MLflow registry" }));
  expect(screen.getByRole("textbox", { name: "Name of the registered model" })).toHaveValue("tickets-intent");
  expect(screen.queryByRole("textbox", { name: "Temperature" })).toBeNull();
  await user.click(screen.getByRole("checkbox", { name: "Answers are sampled" }));
  await user.type(screen.getByRole("textbox", { name: "Temperature" }), "0.5");
  await user.type(screen.getByRole("textbox", { name: "MLflow server" }), "ftp://x");
  const summary = within(screen.getByRole("region", { name: "Summary" }));
  expect(await summary.findByText(/begins with http/)).toBeVisible();
  await user.clear(screen.getByRole("textbox", { name: "MLflow server" }));
  await waitFor(() => expect(summary.queryByText(/begins with http/)).toBeNull());
  await user.click(screen.getByRole("button", { name: /^Start/ }));
  const request = await waitFor(() => {
    const call = host.calls.find(({ command }) => command === "start_export");
    if (!call) throw new Error("not started");
    return call.args.request as ExportRequest;
  });
  expect(request).toMatchObject({
    source: { table: "adapters", id: adapter },
    way: "mlflow",
    settings: {
      uri: null,
      name: "tickets-intent",
      generation: { do_sample: true, temperature: 0.5 },
    },
  });
}, 30_000);
