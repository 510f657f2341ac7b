import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Exported, Finding } from "../../bindings";
import { exportName } from "../../components/export/exportName";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { refusal } from "../../testing/refusal";

const panel = async (name: string) => within(await screen.findByRole("region", { name }));
const exports = (host: HostWindow) => host.calls.filter(({ command }) => command === "export_database");

test("an export asks for a path and shows its progress and its result", async () => {
  let finish: (exported: Exported) => void = () => {};
  const { host, user } = await openStudio("/database", "example", (host) => {
    host.on("exportDatabase", () => new Promise<Exported>((done) => (finish = done)));
    host.nextPick("/home/ada/everything.sqlite");
  });
  const shown = await panel("Export");
  await user.click(shown.getByRole("radio", { name: "SQLite" }));
  await waitFor(() => expect(shown.getByRole("button", { name: "Export" })).toBeEnabled());
  await user.click(shown.getByRole("button", { name: "Export" }));

  await shown.findByRole("progressbar", { name: "Exporting" });
  const [call] = exports(host);
  if (!call) throw new Error("nothing was exported");
  expect(call.args).toMatchObject({ path: "/home/ada/everything.sqlite", format: "sqlite" });
  const save = host.calls.find(({ command }) => command === "plugin:dialog|save");
  expect(save?.args.options).toMatchObject({
    title: "Save File",
    defaultPath: expect.stringMatching(/-\d{4}-\d{2}-\d{2}\.fts\.sqlite$/),
  });
  host.send(call.args, { done: 6, total: 12, rows: 6 });
  expect(await shown.findByText("6 rows written, 50%")).toBeVisible();

  finish({
    path: "/home/ada/everything.sqlite",
    bytes: 1_400_000,
    rows: [
      { table: "datasets", rows: 3 },
      { table: "models", rows: 1 },
    ],
  });
  const result = await shown.findByRole("status");
  expect(result).toHaveTextContent("Exported 4 rows, 1.4 MB");
  expect(result).toHaveTextContent("/home/ada/everything.sqlite");
  expect(result).toHaveTextContent("3 datasets, 1 model");
});

test("nothing is exported when no place is chosen", async () => {
  const { host, user } = await openStudio("/database", "example", (host) => host.nextPick(null));
  const shown = await panel("Export");
  await waitFor(() => expect(shown.getByRole("button", { name: "Export" })).toBeEnabled());
  await user.click(shown.getByRole("button", { name: "Export" }));
  await waitFor(() => expect(host.calls.map(({ command }) => command)).toContain("plugin:dialog|save"));
  expect(exports(host)).toHaveLength(0);
});

test("an export can be stopped, and a failed one says why", async () => {
  let stop: () => void = () => {};
  const { host, user } = await openStudio("/database", "example", (host) => {
    host.on(
      "exportDatabase",
      () => new Promise((_, fail) => (stop = () => fail(refusal("cancelled", "Stopped.")))),
    );
    host.on("cancel", () => {
      stop();
      return true;
    });
    host.nextPick("/full/a.json");
    host.nextPick("/full/a.json");
  });
  const shown = await panel("Export");
  await waitFor(() => expect(shown.getByRole("button", { name: "Export" })).toBeEnabled());
  await user.click(shown.getByRole("button", { name: "Export" }));
  await user.click(await shown.findByRole("button", { name: "Stop exporting" }));
  expect(await shown.findByText("The export was stopped. No file was written.")).toBeVisible();
  expect(host.calls.find(({ command }) => command === "cancel")?.args.task).toBe(exports(host)[0]?.args.task);

  host.on("exportDatabase", () => {
    throw refusal("file", "There is no room left on /full.", { hint: "Choose another place." });
  });
  await user.click(shown.getByRole("button", { name: "Export" }));
  expect(await shown.findByRole("alert")).toHaveTextContent(
    "There is no room left on /full.Choose another place.",
  );
});

test("the check lists what is wrong, worst first, with the way to each row", async () => {
  const findings: Finding[] = [
    {
      severity: "warning",
      table: "adapters",
      id: "ad02",
      column: "model_id",
      message: "The base model of 'sql-lora' is not there.",
      remedy: null,
    },
    { severity: "error", table: null, id: null, column: null, message: "Page 12 is damaged.", remedy: null },
  ];
  const { user } = await openStudio("/database", "example", (host) => host.on("check", () => findings));
  const shown = await panel("Check");
  expect(await shown.findByText("1 error and 1 warning")).toBeVisible();
  const items = within(shown.getByRole("list", { name: "Findings" })).getAllByRole("listitem");
  expect(items.map((item) => item.textContent)).toEqual([
    "Page 12 is damaged.",
    "The base model of 'sql-lora' is not there.Open adapter",
  ]);
  await user.click(shown.getByRole("link", { name: "Open adapter" }));
  expect(await screen.findByRole("complementary", { name: "sql-lora" })).toBeVisible();
});

test("a sound file is called all good, and can be checked again", async () => {
  const { host, user } = await openStudio("/database");
  const shown = await panel("Check");
  expect(await shown.findByText(/^No problems found/)).toBeVisible();
  host.on("check", () => [
    {
      severity: "warning",
      table: "datasets",
      id: "9c11",
      column: "type",
      message: "'parquet' is not known.",
      remedy: null,
    },
  ]);
  await user.click(shown.getByRole("button", { name: "Check again" }));
  expect(await shown.findByRole("link", { name: "Open dataset" })).toBeVisible();
  expect(shown.queryByText(/^No problems found/)).not.toBeInTheDocument();
});

test("a lost reference is cleared where it is found", async () => {
  const { host, user } = await openStudio("/database", {
    models: [
      { id: "mo", type: "huggingface", name: "Gemma", huggingface_model_name: "google/gemma-3-1b-it" },
    ],
    adapters: [
      {
        id: "ad",
        type: "huggingface",
        name: "a",
        huggingface_name: "a/b",
        model_id: "mo",
        prompt_id: "gone",
      },
    ],
  });
  const shown = await panel("Check");
  await user.click(await shown.findByRole("button", { name: "Clear the reference" }));
  expect(await shown.findByText(/^No problems found/)).toBeVisible();
  expect((await host.core.get("adapters", "ad")).row.prompt_id).toBeNull();
});

test("a lost reference that is required is fixed in the row's form", async () => {
  const { user } = await openStudio("/database", "example");
  const shown = await panel("Check");
  const lost = within((await shown.findByText(/^'sql-lora' refers/)).closest("li") as HTMLElement);
  await user.click(lost.getByRole("button", { name: "Edit" }));
  expect(await screen.findByRole("dialog", { name: "Edit sql-lora" })).toBeVisible();
  expect(shown.queryByRole("button", { name: "Clear the reference" })).not.toBeInTheDocument();
});

test("only the chosen tables are exported", async () => {
  const { host, user } = await openStudio("/database", "example", (host) => {
    host.on("exportDatabase", () => new Promise(() => {}));
    host.nextPick("/home/ada/some.json");
  });
  const shown = await panel("Export");
  const button = shown.getByRole("button", { name: "Export" });
  await waitFor(() => expect(button).toBeEnabled());
  await user.click(shown.getByRole("checkbox", { name: "Everything" }));
  expect(button).toBeDisabled();
  expect(shown.getByText("Choose at least one table.")).toBeVisible();
  await user.click(shown.getByRole("checkbox", { name: "Prompts 1" }));
  await user.click(shown.getByRole("checkbox", { name: "Datasets 3" }));
  await user.click(button);
  await waitFor(() => expect(exports(host)[0]?.args.tables).toEqual(["datasets", "prompts"]));
});

test("an export goes on while another page is shown", async () => {
  let finish: (exported: Exported) => void = () => {};
  const { host, user, router } = await openStudio("/database", "example", (host) => {
    host.on("exportDatabase", () => new Promise<Exported>((done) => (finish = done)));
    host.nextPick("/home/ada/all.json");
  });
  const shown = await panel("Export");
  await waitFor(() => expect(shown.getByRole("button", { name: "Export" })).toBeEnabled());
  await user.click(shown.getByRole("button", { name: "Export" }));
  await shown.findByRole("progressbar", { name: "Exporting" });
  await router.navigate({ to: "/settings" });
  await screen.findByRole("heading", { name: "Settings" });
  expect(host.calls.map(({ command }) => command)).not.toContain("cancel");
  finish({ path: "/home/ada/all.json", bytes: 2_000, rows: [{ table: "datasets", rows: 3 }] });
  expect(await screen.findByText("Exported 3 rows, 2.0 KB")).toBeVisible();
  await router.navigate({ to: "/database" });
  expect(await (await panel("Export")).findByRole("status")).toHaveTextContent("Exported 3 rows, 2.0 KB");
});

test("an export is named after the workspace and the person's day", () => {
  expect(exportName("work", "json", new Date(2026, 4, 3, 23, 59))).toBe("work-2026-05-03.json");
});
