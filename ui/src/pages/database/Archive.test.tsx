import { existsSync, readFileSync } from "node:fs";
import { Channel } from "@tauri-apps/api/core";
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ArchiveExported } from "../../bindings";
import { write } from "../../testing/example/files";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { refusal } from "../../testing/refusal";

const called = (host: HostWindow, name: string) => host.calls.filter(({ command }) => command === name);

/** A studio with a dataset of its own, and its archive. */
async function openWithArchive(change: (host: HostWindow, id: string) => Promise<unknown>) {
  let file = "";
  const opened = await openStudio("/database", "empty", async (host) => {
    const path = write(`${host.folder}/rows.csv`, "question,answer\nwhy,because\n");
    const { row } = await host.core.importDataset(path, "Rows", "import", new Channel(), null);
    file = `${host.folder}/all.fts.tar.zst`;
    await host.core.exportArchive(file, { rows: null, with_models: false }, "export", new Channel());
    await change(host, String(row.row.id));
    host.nextPick(file);
  });
  await opened.user.click(await screen.findByRole("button", { name: "Import a file" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Import" }));
  await dialog.findByRole("table", { name: "What the import would do" });
  return { ...opened, file, dialog, files: within(dialog.getByRole("region", { name: "Files" })) };
}

test("the whole workspace is archived after its sizes and what is missing are shown", async () => {
  const { host, user } = await openStudio("/database", "example");
  const panel = within(await screen.findByRole("region", { name: "Archive" }));
  const button = panel.getByRole("button", { name: "Export as archive…" });
  await waitFor(() => expect(button).toBeEnabled());
  await user.click(button);
  const dialog = within(await screen.findByRole("dialog", { name: "Archive this workspace" }));
  expect(await dialog.findByText(/^3 datasets, .* files?, .* before they are compressed/)).toBeVisible();
  const missing = within(dialog.getByRole("region", { name: "Not in the archive" }));
  expect(missing.getByText(/export\.parquet/)).toHaveTextContent("It does not exist.");

  const file = `${host.folder}/all.fts.tar.zst`;
  host.nextPick(file);
  await user.click(dialog.getByRole("button", { name: "Save archive…" }));
  expect(await screen.findByText(/^Archived \d+ files?, /)).toBeVisible();
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(existsSync(file)).toBe(true);
  const save = host.calls.find(({ command }) => command === "plugin:dialog|save");
  expect(JSON.stringify(save?.args)).toMatch(/studio-[-\d]+\.fts\.tar\.zst/);
});

test("a row's menu archives it with what it refers to, and the export can be stopped", async () => {
  let stop: (refusal: unknown) => void = () => {};
  const { host, user } = await openStudio("/models?id=b2c4", "example", (host) => {
    host.on("exportArchive", () => new Promise<ArchiveExported>((_, reject) => (stop = reject)));
    host.on("cancel", () => {
      stop(refusal("cancelled", "Stopped."));
      return true;
    });
  });
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Export as archive…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Archive 1 model" }));
  await user.click(dialog.getByRole("checkbox", { name: "With the folders of base models" }));
  await waitFor(() =>
    expect(called(host, "plan_archive").at(-1)?.args).toMatchObject({ request: { with_models: true } }),
  );
  host.nextPick("/home/ada/model.fts.tar.zst");
  const save = dialog.getByRole("button", { name: "Save archive…" });
  await waitFor(() => expect(save).toBeEnabled());
  await user.click(save);
  await dialog.findByRole("progressbar", { name: "Archiving" });
  const [call] = called(host, "export_archive");
  if (!call) throw new Error("nothing was exported");
  expect(call.args.request).toEqual({ rows: { table: "models", ids: ["b2c4"] }, with_models: true });
  act(() => host.send(call.args, { step: "writing", done: 1_200_000, total: 3_400_000 }));
  expect(await dialog.findByText("Writing the archive, 1.2 MB of 3.4 MB")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Stop archiving" }));
  expect(await dialog.findByText(/No file was written/)).toBeVisible();
});

test("a place with too little room is said before the archive is written", async () => {
  const { host, user } = await openStudio("/database", "example", (host) => {
    host.on("planArchive", ({ path }) => ({
      tables: [{ table: "models" as const, rows: 1 }],
      folders: [],
      files: 2,
      bytes: 3_000_000,
      left_out: [],
      free: path ? 1_000_000 : null,
    }));
  });
  const button = await screen.findByRole("button", { name: "Export as archive…" });
  await waitFor(() => expect(button).toBeEnabled());
  await user.click(button);
  const dialog = within(await screen.findByRole("dialog", { name: "Archive this workspace" }));
  expect(await dialog.findByText(/^1 model, with 2 files, 3.0 MB/)).toBeVisible();
  const file = `${host.folder}/all.fts.tar.zst`;
  host.nextPick(file);
  await user.click(dialog.getByRole("button", { name: "Save archive…" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("Only 1.0 MB are free there.");
  expect(existsSync(file)).toBe(false);
  await user.click(dialog.getByRole("button", { name: "Save it there" }));
  expect(await screen.findByText(/^Archived \d+ files?, /)).toBeVisible();
  expect(existsSync(file)).toBe(true);
});

test("what is here already is not written again", async () => {
  const { dialog, files } = await openWithArchive(async () => {});
  expect(dialog.getByText(/^An archive with/)).toBeVisible();
  expect(files.getByRole("row", { name: "Dataset “Rows” 1 28 bytes Here already" })).toBeVisible();
  expect(dialog.getByText("With these choices there is nothing to import.")).toBeVisible();
});

test("files of new rows go to the chosen folder, and the report says where", async () => {
  let id = "";
  const { host, user, dialog, files } = await openWithArchive(async (host, dataset) => {
    id = dataset;
    await host.core.delete("datasets", [dataset], "detach");
  });
  expect(files.getByRole("row", { name: "Dataset “Rows” 1 28 bytes Written" })).toBeVisible();
  expect(files.getByTitle(`${host.folder}/imported`)).toBeVisible();
  host.nextPick(`${host.folder}/elsewhere`);
  await user.click(files.getByRole("button", { name: "Choose another folder…" }));
  expect(await files.findByTitle(`${host.folder}/elsewhere`)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Import" }));

  const report = within(await screen.findByRole("dialog", { name: "Imported" }));
  const written = within(report.getByRole("region", { name: "Written files" }));
  expect(written.getByText("1 file, 28 bytes")).toBeVisible();
  const { row } = await host.core.get("datasets", id);
  expect(String(row.location)).toContain(`${host.folder}/elsewhere/dataset-Rows-`);
  expect(readFileSync(String(row.location), "utf8")).toBe("question,answer\nwhy,because\n");
});

test("changed rows are a conflict, which is decided as in a snapshot", async () => {
  const { host, user, dialog, files } = await openWithArchive((host, id) =>
    host.core.update("datasets", id, { description: "Mine" }),
  );
  expect(files.getByRole("row", { name: /Here already/ })).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Show 1 dataset in conflict" }));
  expect(await dialog.findByText("Mine")).toBeVisible();
  const group = within(dialog.getByRole("radiogroup", { name: "Conflicting datasets" }));
  await user.click(group.getByRole("radio", { name: "Replace" }));
  await user.click(dialog.getByRole("button", { name: "Import" }));
  expect(await screen.findByRole("dialog", { name: "Imported" })).toBeVisible();
  expect(called(host, "import_archive")[0]?.args).toMatchObject({
    policy: { tables: { datasets: "replace" } },
  });
});

test("an import that begins before the workspace is known stays open", async () => {
  let known: () => void = () => {};
  const { user } = await openStudio("/database", "empty", (host) => {
    host.nextPick(write(`${host.folder}/broken.fts.tar.zst`, "Dear reader"));
    const late = new Promise<void>((done) => (known = done));
    host.on("workspace", async () => {
      await late;
      return host.core.workspace();
    });
  });
  await user.click(await screen.findByRole("button", { name: "Import a file" }));
  await screen.findByRole("dialog", { name: "Import" });
  known();
  await screen.findByText("studio");
  expect(screen.getByRole("dialog", { name: "Import" })).toBeVisible();
});

test("a damaged archive is refused in the dialog", async () => {
  const { user } = await openStudio("/database", "empty", (host) => {
    host.nextPick(write(`${host.folder}/broken.fts.tar.zst`, "Dear reader"));
  });
  await user.click(await screen.findByRole("button", { name: "Import a file" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Import" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent(/is not an archive of this program/);
});
