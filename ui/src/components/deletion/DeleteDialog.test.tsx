import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openStudio } from "../../testing/open";
import { refusal } from "../../testing/refusal";

const gemma = "/models?id=8a8e6c1b-44a2-4f0c-8a3d-3d2f5a0b9c22";

async function askToDelete(address: string, name: string) {
  const studio = await openStudio(address, "example");
  const panel = within(await screen.findByRole("complementary", { name }));
  await studio.user.click(panel.getByRole("button", { name: "Delete" }));
  return { ...studio, dialog: within(await screen.findByRole("dialog", { name: `Delete “${name}”?` })) };
}

test("a row nothing refers to is deleted after a simple question", async () => {
  const { user, host, dialog } = await askToDelete("/models?id=b2c4", "Qwen local");
  expect(await dialog.findByText("Nothing refers to this model.")).toBeVisible();
  expect(dialog.queryByRole("radio")).not.toBeInTheDocument();
  await user.click(dialog.getByRole("button", { name: "Delete" }));
  expect(await screen.findByText("1 model deleted.")).toBeVisible();
  expect(await host.count("models")).toBe(1);
  await waitFor(() => expect(screen.queryByRole("complementary")).not.toBeInTheDocument());
  await waitFor(() => expect(screen.getByRole("grid", { name: "Models" })).toHaveFocus());
});

test("what refers to the row is named, and nothing is deleted before a choice", async () => {
  const { user, host, dialog } = await askToDelete(gemma, "Gemma 3 1B");
  expect(await dialog.findByText("1 adapter")).toBeVisible();
  expect(dialog.getByText("1 fine-tuning job")).toBeVisible();
  expect(dialog.getByRole("button", { name: "Delete" })).toBeDisabled();
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(host.calls.some(({ command }) => command === "delete")).toBe(false);
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(screen.getByRole("button", { name: "Delete" })).toHaveFocus();
});

test("dependents can be kept without the reference", async () => {
  const { user, host, dialog } = await askToDelete(gemma, "Gemma 3 1B");
  await user.click(await dialog.findByRole("radio", { name: "Keep them, without the reference" }));
  await user.click(dialog.getByRole("button", { name: "Delete" }));
  expect(await screen.findByText("1 model deleted. 3 left without the reference.")).toBeVisible();
  expect(host.calls.find(({ command }) => command === "delete")?.args.dependents).toBe("detach");
  expect(await host.count("adapters")).toBe(2);
});

test("dependents can be deleted too, with the counts said before", async () => {
  const { user, host, dialog } = await askToDelete(gemma, "Gemma 3 1B");
  const choice = await dialog.findByRole("radio", { name: "Delete them too" });
  expect(choice).toHaveAccessibleDescription(
    "In all: 1 model, 1 adapter, 1 fine-tuning job, and 1 evaluation job.",
  );
  await user.click(choice);
  await user.click(dialog.getByRole("button", { name: "Delete all" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(host.calls.find(({ command }) => command === "delete")?.args.dependents).toBe("delete");
  expect(await host.count("evaluation_jobs")).toBe(0);
});

test("several selected rows are deleted together", async () => {
  const { user, host } = await openStudio("/configs", "example");
  await user.click(await screen.findByRole("checkbox", { name: "Select all rows" }));
  await user.click(await screen.findByRole("button", { name: "Delete…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Delete 3 configs?" }));
  await dialog.findByText("Nothing refers to these configs.");
  await user.click(dialog.getByRole("button", { name: "Delete" }));
  expect(await screen.findByText("No configs yet")).toBeVisible();
  expect(await host.count("configs")).toBe(0);
});

test("a refused delete says why and stays open", async () => {
  const { user, host, dialog } = await askToDelete("/models?id=b2c4", "Qwen local");
  host.on("delete", () => {
    throw refusal("read_only", "The file can't be written to.");
  });
  await dialog.findByText("Nothing refers to this model.");
  await user.click(dialog.getByRole("button", { name: "Delete" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("The file can't be written to.");
});
