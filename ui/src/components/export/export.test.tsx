import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { type Exported, TABLES } from "../../bindings";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";

const asked = (host: HostWindow) => host.calls.filter(({ command }) => command === "export_rows");

test("selected rows are exported with what they refer to, and can be imported", async () => {
  const { user, host } = await openStudio("/adapters", "example");
  await user.click(await screen.findByRole("checkbox", { name: "Select tickets-intent" }));
  await user.click(screen.getByRole("button", { name: "Export…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Export 1 adapter" }));
  host.nextPick(null);
  await user.click(dialog.getByRole("button", { name: "Export…" }));
  expect(asked(host)).toEqual([]);

  const file = `${host.folder}/adapters.json`;
  host.nextPick(file);
  await user.click(dialog.getByRole("button", { name: "Export…" }));
  expect(await screen.findByText(/^Exported 5 rows/)).toBeVisible();
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(asked(host)[0]?.args.form).toEqual({ form: "json", with_references: true });
  const save = host.calls.find(({ command }) => command === "plugin:dialog|save");
  expect(JSON.stringify(save?.args)).toMatch(/studio-adapters-[-\d]+\.fts\.json/);
  const { tables } = await host.core.planImport(file, "plan", new Channel());
  expect(TABLES.map(({ name }) => tables[name]?.same)).toEqual([1, 1, 1, 1, 0, 1, 0]);
});

test("a row's menu exports it as CSV, and the export can be stopped", async () => {
  const { user, host } = await openStudio("/models?id=b2c4", "example");
  let stop: (refusal: unknown) => void = () => {};
  host.on("exportRows", (args) => {
    host.send(args, { done: 1, total: 2, rows: 1 });
    return new Promise<Exported>((_, reject) => {
      stop = reject;
    });
  });
  host.on("cancel", () => {
    stop({ code: "cancelled", message: "Stopped.", hint: null, fields: [] });
    return true;
  });
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Export row…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Export 1 model" }));
  expect(dialog.queryByRole("checkbox")).not.toBeInTheDocument();
  await user.click(dialog.getByRole("radio", { name: "CSV" }));
  host.nextPick("/home/ada/models.csv");
  await user.click(dialog.getByRole("button", { name: "Export…" }));
  expect(await dialog.findByText("1 row written, 50%")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Stop exporting" }));
  expect(await dialog.findByText(/No file was written/)).toBeVisible();
  expect(asked(host)[0]?.args).toMatchObject({
    path: "/home/ada/models.csv",
    ids: ["b2c4"],
    form: { form: "csv" },
  });
});
