import { rmSync } from "node:fs";
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Backup } from "../../bindings";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { refusal } from "../../testing/refusal";

const panel = async () => within(await screen.findByRole("region", { name: "Backups" }));
const called = (host: HostWindow, name: string) => host.calls.filter(({ command }) => command === name);
const datasets = (host: HostWindow) => host.count("datasets");

test("without backups the page says when the first is made, and one can be made now", async () => {
  const { user } = await openStudio("/database", "example");
  const shown = await panel();
  expect(await shown.findByText(/^There are no backups yet/)).toBeVisible();
  await user.click(shown.getByRole("button", { name: "Back up now" }));
  expect(await shown.findByRole("row", { name: /just now Made manually 2\d\d KB/ })).toBeVisible();
  expect(shown.queryByText(/^There are no backups yet/)).not.toBeInTheDocument();
});

test("a restore says what happens, and can be undone", async () => {
  const { host, user } = await openStudio("/database", "example", async ({ core }) => {
    await core.backUp();
    await core.delete("datasets", ["9c11"], "detach");
  });
  const shown = await panel();
  await user.click(await shown.findByRole("button", { name: /^Restore the backup of/ }));
  const asked = within(await screen.findByRole("dialog", { name: "Restore this backup?" }));
  expect(asked.getByText(/Its current state is kept as a backup first/)).toBeVisible();
  expect(called(host, "restore_backup")).toHaveLength(0);
  await user.click(asked.getByRole("button", { name: "Restore" }));

  expect(await screen.findByText(/^Restored the backup of/)).toBeVisible();
  expect(await datasets(host)).toBe(3);
  expect(await shown.findByText("Before a restore")).toBeVisible();
  const about = screen.getByRole("region", { name: "About this file" });
  await waitFor(() => expect(about).toHaveTextContent("Datasets3"));

  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("The restore was undone")).toBeVisible();
  expect(await datasets(host)).toBe(2);
  await waitFor(() => expect(about).toHaveTextContent("Datasets2"));
});

test("a restore counts its rows and can be stopped, and is tried again", async () => {
  let stop: () => void = () => {};
  const { host, user } = await openStudio("/database", "example", async (host) => {
    await host.core.backUp();
    await host.core.delete("datasets", ["9c11"], "detach");
    host.on(
      "restoreBackup",
      () => new Promise<Backup>((_, fail) => (stop = () => fail(refusal("cancelled", "Stopped.")))),
    );
    host.on("cancel", () => {
      stop();
      return true;
    });
  });
  const shown = await panel();
  await user.click(await shown.findByRole("button", { name: /^Restore the backup of/ }));
  await user.click(await screen.findByRole("button", { name: "Restore" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Restoring the backup" }));
  const [restoring] = called(host, "restore_backup");
  if (!restoring) throw new Error("nothing was restored");
  act(() => host.send(restoring.args, { done: 4, total: 16, rows: 4 }));
  expect(await dialog.findByText("4 rows restored, 25%")).toBeVisible();
  await user.keyboard("{Escape}");
  expect(dialog.getByRole("progressbar", { name: "Restoring" })).toBeVisible();

  await user.click(dialog.getByRole("button", { name: "Stop restoring" }));
  expect(await screen.findByText("The restore was stopped. The workspace was not changed.")).toBeVisible();
  expect(called(host, "cancel").map(({ args }) => args.task)).toEqual([restoring.args.task]);
  expect(await datasets(host)).toBe(2);

  host.off("restoreBackup");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText(/^Restored the backup of/)).toBeVisible();
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  expect(await datasets(host)).toBe(3);
});

test("a backup that is gone is refused in the dialog", async () => {
  const { host, user } = await openStudio("/database", "example", ({ core }) => core.backUp());
  const shown = await panel();
  await user.click(await shown.findByRole("button", { name: /^Restore the backup of/ }));
  const [backup] = (await host.core.backups()).backups;
  rmSync(backup?.path ?? "");
  await user.click(await screen.findByRole("button", { name: "Restore" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Restore this backup?" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent(/There is no backup '.*' of this database/);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("a backup is deleted only after a question", async () => {
  const { host, user } = await openStudio("/database", "example", ({ core }) => core.backUp());
  const shown = await panel();
  const remove = await shown.findByRole("button", { name: /^Delete the backup of/ });
  await user.click(remove);
  await user.click(
    within(await screen.findByRole("dialog", { name: "Delete this backup?" })).getByRole("button", {
      name: "Cancel",
    }),
  );
  expect((await host.core.backups()).backups).toHaveLength(1);
  await user.click(remove);
  await user.click(
    within(await screen.findByRole("dialog", { name: "Delete this backup?" })).getByRole("button", {
      name: "Delete",
    }),
  );
  expect(await shown.findByText(/^There are no backups yet/)).toBeVisible();
});

test("the rule is checked while typing, kept when it is refused, and shown once saved", async () => {
  const { host, user } = await openStudio("/database", "example");
  const shown = await panel();
  expect(await shown.findByText(/^The latest 10 are kept, and one a day for 30 days/)).toBeVisible();
  await user.click(shown.getByRole("button", { name: "Change what is kept" }));
  const latest = shown.getByRole("textbox", { name: "Keep the latest" });
  await user.clear(latest);
  expect(await shown.findByText("A whole number from 1 to 1,000.")).toBeVisible();
  expect(shown.getByRole("button", { name: "Save" })).toBeDisabled();
  await user.type(latest, "0");
  expect(shown.getByRole("button", { name: "Save" })).toBeDisabled();
  await user.clear(latest);
  await user.type(latest, "5");

  host.on("setBackupRule", () => {
    throw refusal("read_only", "The database can't be written.");
  });
  await user.click(shown.getByRole("button", { name: "Save" }));
  expect(await shown.findByRole("alert")).toHaveTextContent("The database can't be written.");
  expect(latest).toHaveValue("5");

  host.off("setBackupRule");
  await user.click(shown.getByRole("button", { name: "Save" }));
  expect(await shown.findByText(/^The latest 5 are kept, and one a day for 30 days/)).toBeVisible();
  expect(called(host, "set_backup_rule").at(-1)?.args.rule).toEqual({ keep_last: 5, keep_days: 30 });
});
