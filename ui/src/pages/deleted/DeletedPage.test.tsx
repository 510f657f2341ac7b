import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TableName } from "../../bindings";
import { openStudio } from "../../testing/open";

const gemma = "8a8e6c1b-44a2-4f0c-8a3d-3d2f5a0b9c22";

const rows = (studio: Awaited<ReturnType<typeof openStudio>>, table: TableName) => studio.host.count(table);

test("an empty page says what will be here", async () => {
  await openStudio("/deleted", "example");
  expect(await screen.findByText("Nothing was deleted")).toBeVisible();
});

test("a deletion shows its rows and time left, and comes back with the references to it", async () => {
  const studio = await openStudio("/deleted", "example", ({ core }) =>
    core.delete("models", [gemma], "detach"),
  );
  const { user, host } = studio;
  expect(await screen.findByText("Model “Gemma 3 1B”")).toBeVisible();
  expect(screen.getByText("30 days left")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Model “Gemma 3 1B”", expanded: false }));
  expect(await screen.findByText(/3 rows stayed without their references/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Show model Gemma 3 1B" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Gemma 3 1B" }));
  expect(await dialog.findByText("google/gemma-3-1b-it")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Close" }));

  await user.click(screen.getByRole("button", { name: "Bring back Model “Gemma 3 1B”" }));
  expect(
    await screen.findByText("Model “Gemma 3 1B” brought back. 3 references are set again."),
  ).toBeVisible();
  expect(await screen.findByText("Nothing was deleted")).toBeVisible();
  expect(await rows(studio, "models")).toBe(2);
  expect((await host.core.get("adapters", "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544")).row.model_id).toBe(gemma);
  await waitFor(() => expect(screen.getByRole("main")).toHaveFocus());
});

test("one row of several comes back, and needs what it refers to or does without", async () => {
  const studio = await openStudio("/deleted", "example", ({ core }) =>
    core.delete("models", [gemma], "delete"),
  );
  const { user } = studio;
  await user.click(await screen.findByRole("button", { expanded: false, name: /1 model/ }));
  await user.click(await screen.findByRole("button", { name: "Bring back only adapter tickets-intent" }));
  const dialog = within(
    await screen.findByRole("dialog", { name: "Some rows can’t come back as they were" }),
  );
  expect(await dialog.findByText(/“tickets-intent” refers to the model “Gemma 3 1B”/)).toBeVisible();
  expect(dialog.getByRole("button", { name: "Bring back" })).toBeDisabled();
  await user.click(dialog.getByRole("radio", { name: "Come back without it" }));
  await user.click(dialog.getByRole("button", { name: "Bring back" }));
  expect(await screen.findByText("Adapter “tickets-intent” brought back.")).toBeVisible();
  expect(await rows(studio, "adapters")).toBe(2);
  expect(await rows(studio, "models")).toBe(1);
});

test("a taken name is replaced by a new one", async () => {
  const studio = await openStudio("/deleted", "example", async ({ core, folder }) => {
    await core.delete("models", ["b2c4"], "refuse");
    await core.create("models", { type: "project", name: "Qwen local", location: folder });
  });
  const { user } = studio;
  await user.click(await screen.findByRole("button", { name: "Bring back Model “Qwen local”" }));
  const name = await screen.findByRole("textbox", { name: "New name for “Qwen local”" });
  expect(name).toHaveValue("Qwen local (brought back)");
  await user.clear(name);
  await user.type(name, "Qwen of old");
  await user.click(screen.getByRole("button", { name: "Bring back" }));
  await waitFor(async () =>
    expect((await studio.host.core.get("models", "b2c4")).row.name).toBe("Qwen of old"),
  );
});

test("a deletion goes for good after a question", async () => {
  const { user, host } = await openStudio("/deleted", "example", ({ core }) =>
    core.delete("models", ["b2c4"], "refuse"),
  );
  await user.click(await screen.findByRole("button", { name: "Delete Model “Qwen local” for good" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Delete model “Qwen local” for good?" }));
  await user.click(dialog.getByRole("button", { name: "Delete for good" }));
  expect(await screen.findByText("Nothing was deleted")).toBeVisible();
  expect((await host.core.deleted(0, 1)).total).toBe(0);
});
