import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Plan } from "../../bindings";
import { write } from "../../testing/example/files";
import { otherStudio, withProblems } from "../../testing/example/otherStudio";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { refusal } from "../../testing/refusal";
import { importRows } from "../../testing/rows";

const called = (host: HostWindow, name: string) => host.calls.filter(({ command }) => command === name);
const datasets = (host: HostWindow) => host.count("datasets");

/** A file with a snapshot. */
const fileWith = (host: HostWindow, snapshot: object) =>
  write(`${host.folder}/other.json`, JSON.stringify(snapshot));

/** The page, with what the core says of the workspace. */
const shown = () =>
  waitFor(() =>
    expect(screen.getByRole("region", { name: "About this file" })).toHaveTextContent(/Datasets\d/),
  );

/** The Database page with the plan of a file before the person. */
async function openPlan(snapshot: object, prepare?: (host: HostWindow) => unknown) {
  const opened = await openStudio("/database", "example", async (host) => {
    await prepare?.(host);
    host.nextPick(fileWith(host, snapshot));
  });
  await shown();
  await opened.user.click(screen.getByRole("button", { name: "Import a file" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Import" }));
  await dialog.findByRole("table", { name: "What the import would do" });
  const decide = async (group: string, choice: string) =>
    opened.user.click(
      within(dialog.getByRole("radiogroup", { name: group })).getByRole("radio", { name: choice }),
    );
  return { ...opened, dialog, decide, importButton: dialog.getByRole("button", { name: "Import" }) };
}

test("the plan is shown, and nothing changes before Import", async () => {
  const { host, user, dialog, decide, importButton } = await openPlan(otherStudio);
  const line = (name: string) =>
    within(dialog.getByRole("rowheader", { name }).closest("tr") as HTMLElement)
      .getAllByRole("cell")
      .slice(0, 6)
      .map((cell) => cell.textContent);
  // New, same, can't be taken, duplicates, dangling, conflicting.
  expect(line("Datasets")).toEqual(["1", "1", "0", "0", "0", "1"]);
  expect(line("Models")).toEqual(["1", "0", "0", "1", "0", "1"]);
  expect(line("Adapters")).toEqual(["2", "0", "0", "0", "1", "0"]);
  expect(dialog.getByText(/alembic_version: The reference studio/)).toBeVisible();
  expect(dialog.getByText(/^Duplicates are new rows/)).toBeVisible();
  const kept = within(dialog.getByRole("region", { name: "Imported as they are" }));
  expect(kept.getByText(/refers to a .+ that does not exist/)).toBeVisible();

  await user.click(dialog.getByRole("button", { name: "Show 1 config in conflict" }));
  const rows = within(await dialog.findByRole("table", { name: "Configs in conflict" }));
  expect(rows.getByText('{"r": 16, "lora_alpha": 32, "lora_dropout": 0.05}')).toBeVisible();
  expect(rows.getByText('{"r": 32, "lora_alpha": 64, "lora_dropout": 0.05}')).toBeVisible();

  await decide("All conflicts", "Keep the stored row");
  expect(called(host, "import_snapshot")).toHaveLength(0);
  expect(await datasets(host)).toBe(3);

  await user.click(importButton);
  await screen.findByRole("dialog", { name: "Imported" });
  expect(called(host, "import_snapshot")[0]?.args.policy).toEqual({
    on_conflict: "abort",
    tables: { datasets: "keep", models: "keep", configs: "keep" },
    targets: null,
    on_dangling: "keep",
    skip_invalid: false,
  });
  expect(await datasets(host)).toBe(4);
});

test("conflicts that are not decided keep the import from beginning", async () => {
  const { dialog, decide, importButton } = await openPlan(otherStudio);
  expect(importButton).toBeDisabled();
  expect(
    dialog.getByText("Decide what happens to 1 dataset, 1 model, and 1 config in conflict."),
  ).toBeVisible();
  await decide("Conflicting datasets", "Replace");
  await decide("Conflicting models", "Keep the stored row");
  expect(importButton).toBeDisabled();
  expect(dialog.getByText("Decide what happens to 1 config in conflict.")).toBeVisible();
  await decide("Conflicting configs", "Replace");
  expect(importButton).toBeEnabled();
});

test("rows that can't be taken are named, and must be left out knowingly", async () => {
  const { host, user, dialog, decide, importButton } = await openPlan(withProblems);
  await decide("All conflicts", "Replace");
  const problems = within(dialog.getByRole("region", { name: "Can’t be imported" }));
  expect(problems.getByRole("row", { name: "Models 3 id The id is missing." })).toBeVisible();
  expect(problems.getByRole("row", { name: /notes .*not a table of a studio/ })).toBeVisible();
  expect(importButton).toBeDisabled();
  expect(dialog.getByText("Agree to leave out the rows that can’t be imported.")).toBeVisible();
  await user.click(problems.getByRole("checkbox", { name: "Leave these out" }));
  await user.click(importButton);
  const report = within(await screen.findByRole("dialog", { name: "Imported" }));
  expect(report.getByRole("row", { name: "Models 1 1 0 0 1" })).toBeVisible();
  expect(within(report.getByRole("region", { name: "Left out" })).getAllByRole("row")).toHaveLength(4);
  expect(called(host, "import_snapshot")[0]?.args.policy.skip_invalid).toBe(true);
});

test("a refusal keeps the plan and the choices", async () => {
  const { host, user, dialog, decide, importButton } = await openPlan(otherStudio);
  await decide("All conflicts", "Replace");
  await user.click(dialog.getByRole("radio", { name: "Clear these references" }));
  host.on("importSnapshot", () => {
    throw refusal("locked", "Another program holds the database.", { hint: "Close it, then try again." });
  });
  await user.click(importButton);
  expect(await dialog.findByRole("alert")).toHaveTextContent("Another program holds the database.");
  expect(dialog.getByRole("radio", { name: "Clear these references" })).toBeChecked();
  for (const group of dialog.getAllByRole("radiogroup", { name: /onflict/ })) {
    expect(within(group).getByRole("radio", { name: "Replace" })).toBeChecked();
  }
  expect(dialog.getByRole("button", { name: "Import" })).toBeEnabled();
});

test("an import can be undone from its report, and every list is refreshed", async () => {
  const { host, user, decide, importButton } = await openPlan(otherStudio);
  await decide("All conflicts", "Replace");
  await user.click(importButton);
  const report = within(await screen.findByRole("dialog", { name: "Imported" }));
  expect(report.getByText("5 rows added, 3 rows replaced")).toBeVisible();
  const about = screen.getByRole("region", { name: "About this file", hidden: true });
  await waitFor(() => expect(about).toHaveTextContent("Datasets4"));
  expect((await host.core.get("datasets", "9c11")).row.location).toBe("/home/grace/export.csv");

  await user.click(report.getByRole("button", { name: "Undo the import" }));
  expect(await screen.findByText("The import was undone")).toBeVisible();
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Imported" })).not.toBeInTheDocument());
  await waitFor(() => expect(about).toHaveTextContent("Datasets3"));
  expect(await datasets(host)).toBe(3);
  expect((await host.core.get("datasets", "9c11")).row.location).toBe("/mnt/old/export.parquet");
});

test("many conflicts are read a page at a time", async () => {
  const rows = Array.from({ length: 12 }, (_, n) => ({ id: `d${n}`, type: "project_csv", name: `Set ${n}` }));
  const theirs = { datasets: rows.map((row) => ({ ...row, description: "Theirs" })) };
  const { host, user, dialog } = await openPlan(theirs, (host) =>
    importRows(host.connection, { datasets: rows.map((row) => ({ ...row, description: "Ours" })) }),
  );
  await user.click(dialog.getByRole("button", { name: "Show 12 datasets in conflict" }));
  expect(await dialog.findByText("1 to 10 of 12")).toBeVisible();
  expect(dialog.getAllByText("Theirs")).toHaveLength(10);
  expect(dialog.queryByText("Set 11")).not.toBeInTheDocument();
  await user.click(dialog.getByRole("button", { name: "Next" }));
  expect(await dialog.findByText("Set 11")).toBeVisible();
  expect(dialog.getByText("11 to 12 of 12")).toBeVisible();
  expect(called(host, "import_conflicts").at(-1)?.args).toMatchObject({ offset: 10, limit: 10 });
});

test("reading counts its rows and can be stopped, and closing discards the plan", async () => {
  let stop: () => void = () => {};
  const { host, user } = await openStudio("/database", "example", (host) => {
    host.on(
      "planImport",
      () => new Promise<Plan>((_, fail) => (stop = () => fail(refusal("cancelled", "Stopped.")))),
    );
    host.on("cancel", () => {
      stop();
      return true;
    });
    host.nextPick(fileWith(host, otherStudio));
  });
  await shown();
  await user.click(screen.getByRole("button", { name: "Import a file" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Import" }));
  await dialog.findByRole("progressbar", { name: "Reading the file" });
  const [reading] = called(host, "plan_import");
  if (!reading) throw new Error("nothing was read");
  host.send(reading.args, { done: 40, total: 80, rows: 1200 });
  expect(await dialog.findByText("1,200 rows read, 50%")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Stop reading" }));
  expect(await dialog.findByText("Reading was stopped. Nothing was changed.")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Read again" }));
  await waitFor(() => expect(called(host, "plan_import")).toHaveLength(2));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(called(host, "discard_import")).toHaveLength(1));
  expect(screen.queryByRole("dialog", { name: "Import" })).not.toBeInTheDocument();
});

test("a file dropped on the Database page is planned, not taken for a dataset", async () => {
  const { host } = await openStudio("/database", "example");
  await shown();
  // The page's and the frame's.
  await waitFor(() => expect(host.listening("tauri://drag-drop")).toBe(2));
  host.drop([fileWith(host, otherStudio)]);
  expect(await screen.findByRole("dialog", { name: "Import" })).toBeVisible();
  expect(screen.queryByRole("dialog", { name: "Import a dataset" })).not.toBeInTheDocument();
});

test("a file that was opened with the program is planned, and one that follows waits for the open import", async () => {
  let opened: string | null = null;
  const take = () => {
    const path = opened;
    opened = null;
    return path;
  };
  const { host, user } = await openStudio("/", "empty", (host) => {
    opened = fileWith(host, otherStudio);
    host.on("takeOpenedFile", take);
  });
  const dialog = within(await screen.findByRole("dialog", { name: "Import" }));
  expect(dialog.getByTitle(`${host.folder}/other.json`)).toBeVisible();
  await dialog.findByRole("table", { name: "What the import would do" });

  opened = "/home/ada/second.fts.json";
  act(() => host.emit("file-opened", null));
  expect(await screen.findByText(/Close it, then open \/home\/ada\/second.fts.json again/)).toBeVisible();
  expect(called(host, "plan_import")).toHaveLength(1);
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Import" })).not.toBeInTheDocument());

  opened = write(`${host.folder}/second.fts.json`, JSON.stringify(otherStudio));
  act(() => host.emit("file-opened", null));
  await screen.findByRole("dialog", { name: "Import" });
  await waitFor(() => expect(called(host, "plan_import")).toHaveLength(2));
});
