import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TableName } from "../../bindings";
import { openStudio } from "../../testing/open";

type Studio = Awaited<ReturnType<typeof openStudio>>;

const total = ({ host }: Studio, table: TableName) => host.count(table);

async function removeOpened({ user }: Studio, name: string) {
  const panel = within(await screen.findByRole("complementary", { name }));
  await user.click(panel.getByRole("button", { name: "Delete" }));
  const dialog = within(await screen.findByRole("dialog", { name: `Delete “${name}”?` }));
  expect(dialog.getByText(/kept for thirty days/)).toBeVisible();
  await waitFor(() => expect(dialog.getByRole("button", { name: "Delete" })).toBeEnabled());
  await user.click(dialog.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
}

test("Ctrl Z brings back what was deleted last, then the one before", async () => {
  const studio = await openStudio("/configs?id=cf01", "example");
  const { user, router } = studio;
  await removeOpened(studio, "LoRA, rank 16");
  await router.navigate({ to: "/$table", params: { table: "configs" }, search: { id: "cf02" } });
  await removeOpened(studio, "Short answers");
  expect(await total(studio, "configs")).toBe(1);

  await user.keyboard("{Control>}z{/Control}");
  expect(await screen.findByText("Config “Short answers” brought back.")).toBeVisible();
  await waitFor(async () => expect(await total(studio, "configs")).toBe(2));
  await user.keyboard("{Control>}z{/Control}");
  expect(await screen.findByText("Config “LoRA, rank 16” brought back.")).toBeVisible();
  expect(await total(studio, "configs")).toBe(3);
  await user.keyboard("{Control>}z{/Control}");
  expect(await screen.findByText("There is no deletion to undo.")).toBeVisible();
});

test("the notice of a delete has an undo of its own", async () => {
  const studio = await openStudio("/models?id=b2c4", "example");
  await removeOpened(studio, "Qwen local");
  await studio.user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByText("Model “Qwen local” brought back.")).toBeVisible();
  await waitFor(() => expect(screen.queryByText("1 model deleted.")).not.toBeInTheDocument());
  expect(await total(studio, "models")).toBe(2);
});

test("Ctrl Z in a field is the field's own", async () => {
  const studio = await openStudio("/models?id=b2c4", "example");
  await removeOpened(studio, "Qwen local");
  await studio.user.click(screen.getByRole("searchbox", { name: "Search models" }));
  await studio.user.keyboard("{Control>}z{/Control}");
  expect(studio.host.calls.some(({ command }) => command === "undelete")).toBe(false);
  expect(await total(studio, "models")).toBe(1);
});
