import { rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { called, cell, NUMBERS, openDataset } from "../../../testing/datasets";
import { write } from "../../../testing/example/files";
import { openStudio } from "../../../testing/open";
import { importRows } from "../../../testing/rows";

const file = async () => within(await screen.findByRole("region", { name: "File" }));

test("a file that is as it was is said quietly", async () => {
  await openDataset("Numbers");
  expect((await file()).getByText(/5,000 rows, unchanged since it was read$/)).toBeVisible();
  expect((await file()).getByRole("button", { name: "Copy path" })).toBeVisible();
  expect((await file()).queryByRole("status")).not.toBeInTheDocument();
});

test("a file that was written again is compared", async () => {
  const { user } = await openDataset("Numbers", ({ folder }) => {
    const then = new Date(2026, 10, 3);
    utimesSync(join(folder, "numbers.jsonl"), then, then);
  });
  expect(await (await file()).findByText("The file was rewritten since it was read")).toBeVisible();
  await user.click((await file()).getByRole("button", { name: "Compare the content" }));
  expect(await screen.findByText("The content is the same")).toBeVisible();
  expect(await (await file()).findByText(/unchanged since it was read$/)).toBeVisible();
});

test("a file that changed is said with then and now, and can be taken as it is", async () => {
  const { user, host, id, path } = await openDataset("Numbers", ({ folder }) =>
    write(join(folder, "numbers.jsonl"), `${NUMBERS}{"text": "${"x".repeat(1191)}"}\n`),
  );
  const said = await file();
  expect(await said.findByText("The file has changed")).toBeVisible();
  const facts = within(said.getByRole("table"));
  expect(facts.getByRole("row", { name: /^Size/ })).toHaveTextContent(/KB, 1.2 KB more$/);
  await user.click(said.getByRole("button", { name: "Accept it as it is" }));
  expect(await screen.findByText("Numbers has other rows now")).toBeVisible();
  expect(called(host, "relocate_dataset")[0]?.args).toMatchObject({ id, path });
});

test("a file from elsewhere is read so that changes are noticed", async () => {
  const { user } = await openStudio("/datasets?id=d1", "empty", (host) => {
    const location = write(join(host.folder, "numbers.jsonl"), NUMBERS);
    const row = { id: "d1", type: "project_jsonl", name: "Numbers", location };
    return importRows(host.connection, { datasets: [row] });
  });
  await user.click(await (await file()).findByRole("button", { name: "Read it now" }));
  expect(await screen.findByText("From now on, changes are detected.")).toBeVisible();
});

test("a missing file is reported, and another one can be chosen", async () => {
  const { host, user } = await openDataset("Moved", ({ folder }) => rmSync(join(folder, "moved.csv")));
  const said = await file();
  expect(await said.findByRole("alert")).toHaveTextContent(/The file is missing.*Rows8,214/);
  expect(screen.queryByRole("tab", { name: "Rows" })).not.toBeInTheDocument();
  host.nextPick(join(host.folder, "numbers.jsonl"));
  await user.click(said.getByRole("button", { name: "Choose the file again" }));
  expect(await screen.findByText("Moved has other rows now")).toBeVisible();
  expect(await cell("text 1")).toBeVisible();
});

test("how a file is read is changed later, with its rows shown before that is saved", async () => {
  const { host, user, id } = await openDataset("Moved", ({ folder }) =>
    write(join(folder, "moved.csv"), "q;a\nHi, you;Yes\nBye;No\n"),
  );
  const headers = (grid: HTMLElement) =>
    within(grid)
      .getAllByRole("columnheader")
      .slice(1)
      .map((cell) => cell.textContent);
  await user.click(await (await file()).findByRole("button", { name: "Change…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "How Moved is read" }));
  const separator = await dialog.findByRole("combobox", { name: "Separator" });
  expect(separator).toHaveValue("Semicolon");
  expect(dialog.getByText(/The file has changed since it was read/)).toBeVisible();
  expect(await dialog.findByText("2 rows")).toBeVisible();
  expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();

  await user.click(separator);
  await user.click(await screen.findByRole("option", { name: "Vertical bar" }));
  await waitFor(() => expect(headers(dialog.getByRole("grid"))).toEqual(["q;aText"]));
  expect(separator).toHaveFocus();
  expect(called(host, "relocate_dataset")).toHaveLength(0);
  await waitFor(() => expect(dialog.getByRole("button", { name: "Save" })).toBeEnabled());
  await user.click(dialog.getByRole("button", { name: "Save" }));

  expect(await screen.findByText("Moved has 2 rows now")).toBeVisible();
  expect(called(host, "relocate_dataset")[0]?.args).toMatchObject({ id, options: { separator: "|" } });
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(await (await file()).findByText("Read as UTF-8, separated by vertical bars")).toBeVisible();
  await waitFor(() =>
    expect(headers(screen.getByRole("grid", { name: "Rows of the file" }))).toEqual(["q;aText"]),
  );
});

test("a dataset whose file can't be read in the way that is chosen is not saved so", async () => {
  const { host, user } = await openDataset("Moved", ({ folder }) =>
    write(join(folder, "moved.csv"), "q,a\nHi,Yes\nBye,No\n"),
  );
  await user.click(await (await file()).findByRole("button", { name: "Change…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "How Moved is read" }));
  await user.click(await dialog.findByRole("combobox", { name: "Encoding" }));
  await user.click(await screen.findByRole("option", { name: "UTF-16, little-endian" }));
  expect(await dialog.findByText("The file can't be read this way.")).toBeVisible();
  expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();
  expect(dialog.getByRole("combobox", { name: "Encoding" })).toHaveFocus();
  await user.keyboard("{Escape}");
  expect(called(host, "relocate_dataset")).toHaveLength(0);
});
