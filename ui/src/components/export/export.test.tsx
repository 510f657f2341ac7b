import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Exported } from "../../bindings";
import type { Fake } from "../../platform/fake";
import { example } from "../../platform/fake/fillings";
import { openStudio } from "../../platform/fake/open";

const asked = (fake: Fake) => fake.calls.filter(({ command }) => command === "export_rows");

test("selected rows are exported with what they refer to, and can be imported", async () => {
  const { user, fake } = openStudio("/adapters", example());
  await user.click(await screen.findByRole("checkbox", { name: "Select tickets-intent" }));
  await user.click(screen.getByRole("button", { name: "Export…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Export 1 adapter" }));
  fake.nextPick(null);
  await user.click(dialog.getByRole("button", { name: "Export…" }));
  expect(asked(fake)).toEqual([]);

  fake.nextPick("/home/ada/adapters.json");
  await user.click(dialog.getByRole("button", { name: "Export…" }));
  expect(await screen.findByText(/^Exported 5 rows/)).toBeVisible();
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(asked(fake)[0]?.args.form).toEqual({ form: "json", with_references: true });
  const save = fake.calls.find(({ command }) => command === "plugin:dialog|save");
  expect(JSON.stringify(save?.args)).toMatch(/studio-adapters-[-\d]+\.json/);
  expect(
    Object.values(fake.snapshots.plan("/home/ada/adapters.json").tables).map((plan) => plan?.same),
  ).toEqual([1, 1, 1, 1, 0, 1, 0]);
});

test("a row's menu exports it as CSV, and the export can be stopped", async () => {
  const { user, fake } = openStudio("/models?id=b2c4", example());
  let stop: (refusal: unknown) => void = () => {};
  fake.on("export_rows", (args) => {
    fake.progress(args, { done: 1, total: 2, rows: 1 });
    return new Promise<Exported>((_, reject) => {
      stop = reject;
    });
  });
  fake.on("cancel", () => {
    stop({ code: "cancelled", message: "Stopped.", hint: null, fields: [] });
    return true;
  });
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Export…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Export 1 model" }));
  expect(dialog.queryByRole("checkbox")).not.toBeInTheDocument();
  await user.click(dialog.getByRole("radio", { name: "CSV" }));
  fake.nextPick("/home/ada/models.csv");
  await user.click(dialog.getByRole("button", { name: "Export…" }));
  expect(await dialog.findByText("1 row written, 50%")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Stop exporting" }));
  expect(await dialog.findByText(/No file was written/)).toBeVisible();
  expect(asked(fake)[0]?.args).toMatchObject({
    path: "/home/ada/models.csv",
    ids: ["b2c4"],
    form: { form: "csv" },
  });
});
