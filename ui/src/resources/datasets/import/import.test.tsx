import { join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Scan } from "../../../bindings";
import { write } from "../../../testing/example/files";
import type { HostWindow } from "../../../testing/host/window";
import { openStudio } from "../../../testing/open";
import { refusal } from "../../../testing/refusal";
import { clear } from "./queue";

const TICKETS =
  'instruction,intent,votes\nWhere is my parcel?,track_order,3\n"I want my money back.\nNow.",,12\n';
const BROKEN = "instruction,due date,votes\nWhere is my parcel?,track_order,3\nI want it,back,12,now\n";

async function openDatasets(prepare?: (host: HostWindow) => unknown) {
  const studio = await openStudio("/datasets", "example", (host) => {
    write(join(host.folder, "tickets.csv"), TICKETS);
    write(join(host.folder, "broken.csv"), BROKEN);
    write(join(host.folder, "more.csv"), TICKETS);
    return prepare?.(host);
  });
  await screen.findByRole("heading", { name: "Datasets" });
  const drop = (...names: string[]) => studio.host.drop(names.map((name) => join(studio.host.folder, name)));
  return { ...studio, drop };
}

/** Work that continues until the test ends it. */
function held<T>() {
  let resolve: (result: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const dialog = () => screen.findByRole("dialog", { name: /^Import/ });
const called = (host: HostWindow, name: string) => host.calls.filter(({ command }) => command === name);

afterEach(clear);

test("a picked file is shown, read to its end, named, imported and opened", async () => {
  const { host, user, router } = await openDatasets();
  const reading = held<void>();
  host.on("scanDataset", async ({ path }) => {
    await reading.promise;
    return host.core.scanDataset(path, "reading", new Channel(), null);
  });
  host.nextPick(join(host.folder, "tickets.csv"));
  await user.click((await screen.findAllByRole("button", { name: "Import" }))[0] as HTMLElement);

  const shown = within(await dialog());
  const grid = await shown.findByRole("grid", { name: "Rows of the file" });
  expect(
    within(grid)
      .getAllByRole("columnheader")
      .map((cell) => cell.textContent),
  ).toEqual(["Row", "instructionText", "intentText", "votesWhole number"]);
  expect(within(grid).getByRole("gridcell", { name: "empty" })).toBeVisible();
  const name = shown.getByRole("textbox", { name: "Name" });
  expect(name).toHaveFocus();
  expect(name).toHaveValue("tickets");

  const [scan] = await waitFor(() => {
    const scans = called(host, "scan_dataset");
    expect(scans).not.toHaveLength(0);
    return scans;
  });
  if (!scan) throw new Error("the file was not read");
  host.send(scan.args, { done: 50, total: 200, rows: 1234 });
  expect(await shown.findByText("1,234 rows read, 25%")).toBeVisible();
  expect(shown.getByRole("progressbar", { name: "Reading the file" })).toHaveAttribute("aria-valuenow", "25");
  expect(shown.getByRole("button", { name: "Import" })).toBeDisabled();

  reading.resolve();
  expect(await shown.findByText("2 rows")).toBeVisible();
  await user.clear(name);
  await user.type(name, "  Tickets of May {Enter}");

  expect(await screen.findByText("Imported Tickets of May")).toBeVisible();
  expect(called(host, "import_dataset")[0]?.args).toMatchObject({
    path: join(host.folder, "tickets.csv"),
    name: "Tickets of May",
  });
  expect(await screen.findByRole("complementary", { name: "Tickets of May" })).toBeVisible();
  expect(router.state.location.pathname).toBe("/datasets");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("a cell is read in full below the grid, by mouse and by keys", async () => {
  const { user, drop } = await openDatasets();
  drop("tickets.csv");
  const grid = await screen.findByRole("grid", { name: "Rows of the file" });
  await user.click(within(grid).getByRole("gridcell", { name: "track_order" }));
  const inspector = screen.getByRole("region", { name: "Selected value" });
  expect(inspector).toHaveTextContent("intent in row 1, line 2 of the file");
  await user.keyboard("{ArrowDown}{ArrowLeft}");
  expect(within(inspector).getByText(/^I want my money back\.\s+Now\.$/)).toBeVisible();
  await user.keyboard("{ArrowDown}{End}");
  expect(inspector).toHaveTextContent("votes in row 2");
});

test("errors in the file are shown with their line and block the import", async () => {
  const { host, user, drop } = await openDatasets();
  drop("broken.csv");
  const shown = within(await dialog());
  const problems = await shown.findByRole("table", { name: "Problems" });
  expect(
    within(problems)
      .getAllByRole("row")
      .slice(1)
      .map((row) => row.textContent),
  ).toEqual([
    "Line 3This row has 4 fields, but the header has 3.Show row",
    "Line 1, in due dateThe column name 'due date' has a space in it.",
  ]);
  expect(within(problems).getByRole("img", { name: "Error" })).toBeVisible();
  expect(shown.getByText("Correct the error in the file, then read it again.")).toBeVisible();
  expect(shown.getByRole("button", { name: "Import" })).toBeDisabled();
  await user.type(shown.getByRole("textbox", { name: "Name" }), "{Enter}");
  expect(called(host, "import_dataset")).toHaveLength(0);

  write(join(host.folder, "broken.csv"), TICKETS);
  await user.click(shown.getByRole("button", { name: "Read again" }));
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
});

test("the rows are held against their shape once the file is read, and a bad one is shown", async () => {
  const { user, drop } = await openDatasets(({ folder }) =>
    write(join(folder, "tickets.csv"), "instruction,output,votes\nWhere is it?,track_order,3\nBack.,,12\n"),
  );
  drop("tickets.csv");
  const shown = within(await dialog());
  expect(await shown.findByText("Instruction and output (Alpaca)")).toBeVisible();
  // It does not stand in the way of the import.
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.click(shown.getByRole("tab", { name: /^Problems/ }));
  await user.click(await shown.findByRole("button", { name: "Show row 2" }));
  await waitFor(() =>
    expect(shown.getByRole("region", { name: "Selected value" })).toHaveTextContent(
      "output in row 2, line 3",
    ),
  );
  await user.click(shown.getByRole("tab", { name: /^Columns/ }));
  expect(await shown.findByRole("list", { name: "Columns" })).toHaveTextContent(
    /votes Whole number.*In every row/,
  );
});

test("a refused name is said beside the field, and what was typed stays", async () => {
  const { user, drop } = await openDatasets();
  drop("tickets.csv");
  const shown = within(await dialog());
  const name = await shown.findByRole("textbox", { name: "Name" });
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.clear(name);
  expect(name).toHaveAccessibleDescription(/Give the dataset a name/);
  expect(shown.getByRole("button", { name: "Import" })).toBeDisabled();
  await user.type(name, "Support tickets");
  await user.click(shown.getByRole("button", { name: "Import" }));

  await waitFor(() => expect(name).toHaveAccessibleDescription(/already has the name 'Support tickets'/));
  expect(name).toHaveValue("Support tickets");
  expect(name).toHaveFocus();
  await user.type(name, " 2{Enter}");
  expect(await screen.findByText("Imported Support tickets 2")).toBeVisible();
});

test("a refusal that is not about the name is said above the field", async () => {
  const { user, drop } = await openDatasets((host) =>
    host.on("importDataset", () => {
      throw refusal("file", "tickets.csv was changed while it was read.", { hint: "Read it again." });
    }),
  );
  drop("tickets.csv");
  const shown = within(await dialog());
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.click(shown.getByRole("button", { name: "Import" }));
  expect(await shown.findByRole("alert")).toHaveTextContent(/was changed while it was read.*Read it again/);
});

test("reading can be stopped and begun again; leaving stops it too", async () => {
  const reading = held<Scan>();
  const { host, user, drop } = await openDatasets((host) => {
    host.on("scanDataset", () => reading.promise);
    host.on("cancel", () => {
      reading.reject(refusal("cancelled", "Stopped."));
      return true;
    });
  });
  drop("tickets.csv");
  const shown = within(await dialog());
  await user.click(await shown.findByRole("button", { name: "Stop reading" }));
  expect(await shown.findByText(/Reading was stopped/)).toBeVisible();
  expect(called(host, "cancel")[0]?.args.task).toBe(called(host, "scan_dataset")[0]?.args.task);

  host.on("scanDataset", () => new Promise(() => {}));
  await user.click(shown.getByRole("button", { name: "Read again" }));
  await shown.findByRole("button", { name: "Stop reading" });
  await user.click(shown.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(called(host, "cancel").at(-1)?.args.task).toBe(called(host, "scan_dataset").at(-1)?.args.task);
});

test("importing can be stopped; meanwhile the dialog stays", async () => {
  const importing = held<never>();
  const { host, user, drop } = await openDatasets((host) => {
    host.on("importDataset", () => importing.promise);
    host.on("cancel", () => {
      importing.reject(refusal("cancelled", "Stopped."));
      return true;
    });
  });
  drop("tickets.csv");
  const shown = within(await dialog());
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.click(shown.getByRole("button", { name: "Import" }));
  await shown.findByRole("progressbar", { name: "Importing the file" });
  await user.keyboard("{Escape}");
  await user.click(await shown.findByRole("button", { name: "Stop importing" }));
  expect(await shown.findByText("Importing was stopped. Nothing was saved.")).toBeVisible();
  expect(shown.getByRole("textbox", { name: "Name" })).toHaveValue("tickets");
  expect(await host.count("datasets")).toBe(3);
});

test("a file that can't be read says why and another can be chosen", async () => {
  const { host, user, drop } = await openDatasets();
  drop("gone.csv");
  const shown = within(await dialog());
  expect(await shown.findByRole("alert")).toHaveTextContent(
    `${join(host.folder, "gone.csv")} does not exist.Check the path, or choose the file again.`,
  );
  host.nextPick(join(host.folder, "tickets.csv"));
  const another = shown.getByRole("button", { name: "Choose another file" });
  await waitFor(() => expect(another).toHaveFocus());
  await user.click(another);
  expect(await shown.findByRole("grid", { name: "Rows of the file" })).toBeVisible();
});

test("several dropped files come one after another", async () => {
  const { host, user, drop } = await openDatasets();
  drop("tickets.csv", "broken.csv", "more.csv");
  const dialogFor = async (nth: number) =>
    within(await screen.findByRole("dialog", { name: `Import datasets: file ${nth} of 3` }));

  const first = await dialogFor(1);
  await waitFor(() => expect(first.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.click(first.getByRole("button", { name: "Import" }));

  const second = await dialogFor(2);
  await user.click(await second.findByRole("button", { name: "Skip this file" }));

  const third = await dialogFor(3);
  await waitFor(() => expect(third.getByRole("button", { name: "Import" })).toBeEnabled());
  expect(third.getByRole("button", { name: "Cancel" })).toBeVisible();
  await user.click(third.getByRole("button", { name: "Import" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(called(host, "import_dataset").map(({ args }) => args.name)).toEqual(["tickets", "more"]);
});

test("a folder can be chosen in the place of a file, and says its splits", async () => {
  const { host, user, drop } = await openDatasets(({ folder }) => {
    for (const file of ["train-00000-of-00002.csv", "train-00001-of-00002.csv", "test.csv"])
      write(join(folder, "support", file), TICKETS);
  });
  drop("tickets.csv");
  const shown = within(await dialog());
  host.nextPick(join(host.folder, "support"));
  await user.click(await shown.findByRole("button", { name: "Choose a folder" }));
  expect(await shown.findByText("train: 2 files · test: 1 file")).toBeVisible();
  expect(shown.getByText("Folder")).toBeVisible();
  expect(shown.queryByRole("button", { name: "Choose a folder" })).not.toBeInTheDocument();
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  expect(shown.getByRole("textbox", { name: "Name" })).toHaveValue("support");
});

test("what was found about a file is chosen, and another choice shows it anew before the import", async () => {
  const { host, user, drop } = await openDatasets(({ folder }) => {
    write(join(folder, "semicolons.csv"), "q;a\nHi, you;Yes\n");
  });
  drop("semicolons.csv");
  const shown = within(await dialog());
  const separator = await shown.findByRole("combobox", { name: "Separator" });
  expect(separator).toHaveValue("Semicolon");
  expect(shown.getByRole("combobox", { name: "Encoding" })).toHaveValue("UTF-8");
  const headers = () => within(shown.getByRole("grid")).getAllByRole("columnheader").slice(1);
  await waitFor(() => expect(headers().map((cell) => cell.textContent)).toEqual(["qText", "aText"]));

  const name = shown.getByRole("textbox", { name: "Name" });
  await user.clear(name);
  await user.type(name, "Answers");
  await user.click(separator);
  await user.click(await screen.findByRole("option", { name: "Vertical bar" }));
  await waitFor(() => expect(headers().map((cell) => cell.textContent)).toEqual(["q;aText"]));
  // The file is shown anew; what was typed and the place of the keyboard stay.
  expect(separator).toHaveFocus();
  expect(shown.getByRole("textbox", { name: "Name" })).toHaveValue("Answers");
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.click(shown.getByRole("button", { name: "Import" }));
  expect(await screen.findByText("Imported Answers")).toBeVisible();
  expect(called(host, "import_dataset")[0]?.args.options).toMatchObject({ separator: "|" });
});

test("a list within an object, and text that is not UTF-8, are read as the dialog offers", async () => {
  const { user, drop } = await openDatasets(({ folder }) => {
    write(join(folder, "lists.json"), '{"train": [{"q": "a"}], "test": [{"q": "b"}]}');
    write(join(folder, "latin.csv"), Buffer.from("q,a\ncaf\xe9,1\n", "latin1"));
  });
  drop("lists.json", "latin.csv");
  const first = within(await dialog());
  expect(await first.findByRole("combobox", { name: "List of rows" })).toHaveValue("train");
  await waitFor(() => expect(first.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.click(first.getByRole("button", { name: "Skip this file" }));

  const second = within(await dialog());
  expect(await second.findByRole("combobox", { name: "Encoding" })).toHaveValue("Windows-1252");
  expect(await second.findByRole("gridcell", { name: "caf\u00e9" })).toBeVisible();
  await waitFor(() => expect(second.getByRole("button", { name: "Import" })).toBeEnabled());
});
