import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Scan } from "../../../bindings";
import { type Fake, refusal } from "../../../platform/fake";
import { example } from "../../../platform/fake/fillings";
import { openStudio } from "../../../platform/fake/open";
import { type FakeFile, installFakeFiles, scanOf } from "../fakeFiles";
import { clear } from "./queue";

const tickets: FakeFile = {
  type: "project_csv",
  columns: [
    ["instruction", "text"],
    ["intent", "text"],
    ["votes", "integer"],
  ],
  rows: [
    ["Where is my parcel?", "track_order", 3],
    ["I want my money back.\nNow.", "", 12],
  ],
};
const nowhere = { file: null, row: null, field: null };
const broken: FakeFile = {
  ...tickets,
  problems: [
    { ...nowhere, severity: "warning", line: 1, message: "The column name 'due date' has a space in it." },
    { ...nowhere, severity: "error", line: 3, message: "This row has 4 fields, but the header has 3." },
  ],
};
const files = { "/data/tickets.csv": tickets, "/data/broken.csv": broken, "/data/more.csv": tickets };

async function openDatasets(prepare?: (fake: Fake) => void) {
  const studio = openStudio("/datasets", example(), (fake) => {
    installFakeFiles(fake, files);
    prepare?.(fake);
  });
  await screen.findByRole("heading", { name: "Datasets" });
  return studio;
}

/** Work that goes on until the test ends it. */
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
const called = (fake: Fake, name: string) => fake.calls.filter(({ command }) => command === name);

afterEach(clear);

test("a picked file is shown, read to its end, named, imported and opened", async () => {
  const { fake, user, router } = await openDatasets();
  const reading = held<Scan>();
  fake.on("scan_dataset", () => reading.promise);
  fake.nextPick("/data/tickets.csv");
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
    const scans = called(fake, "scan_dataset");
    expect(scans).not.toHaveLength(0);
    return scans;
  });
  if (!scan) throw new Error("the file was not read");
  fake.progress(scan.args, { done: 50, total: 200, rows: 1234 });
  expect(await shown.findByText("1,234 rows read, 25%")).toBeVisible();
  expect(shown.getByRole("progressbar", { name: "Reading the file" })).toHaveAttribute("aria-valuenow", "25");
  expect(shown.getByRole("button", { name: "Import" })).toBeDisabled();

  reading.resolve(scanOf("/data/tickets.csv", tickets));
  expect(await shown.findByText("2 rows")).toBeVisible();
  await user.clear(name);
  await user.type(name, "  Tickets of May {Enter}");

  expect(await screen.findByText("Imported Tickets of May")).toBeVisible();
  expect(called(fake, "import_dataset")[0]?.args).toMatchObject({
    path: "/data/tickets.csv",
    name: "Tickets of May",
  });
  expect(await screen.findByRole("complementary", { name: "Tickets of May" })).toBeVisible();
  expect(router.state.location.pathname).toBe("/datasets");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("a cell is read in full below the grid, by mouse and by keys", async () => {
  const { fake, user } = await openDatasets();
  fake.drop(["/data/tickets.csv"]);
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
  const { fake, user } = await openDatasets();
  fake.drop(["/data/broken.csv"]);
  const shown = within(await dialog());
  const problems = await shown.findByRole("table", { name: "Problems" });
  expect(
    within(problems)
      .getAllByRole("row")
      .slice(1)
      .map((row) => row.textContent),
  ).toEqual([
    "Line 3This row has 4 fields, but the header has 3.",
    "Line 1The column name 'due date' has a space in it.",
  ]);
  expect(within(problems).getByRole("img", { name: "Error" })).toBeVisible();
  expect(shown.getByText("Correct the error in the file, then read it again.")).toBeVisible();
  expect(shown.getByRole("button", { name: "Import" })).toBeDisabled();
  await user.type(shown.getByRole("textbox", { name: "Name" }), "{Enter}");
  expect(called(fake, "import_dataset")).toHaveLength(0);

  installFakeFiles(fake, { "/data/broken.csv": tickets });
  await user.click(shown.getByRole("button", { name: "Read again" }));
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
});

test("the rows are held against their shape once the file is read, and a bad one is shown", async () => {
  const bad = { ...nowhere, severity: "error", line: 3, row: 2, field: "intent" } as const;
  const { fake, user } = await openDatasets((fake) =>
    installFakeFiles(fake, {
      "/data/tickets.csv": {
        ...tickets,
        diagnosis: {
          shape: "alpaca",
          why: "There are the columns 'instruction' and 'output'.",
          problems: [{ ...bad, message: "'intent' is empty." }],
        },
      },
    }),
  );
  fake.drop(["/data/tickets.csv"]);
  const shown = within(await dialog());
  expect(await shown.findByText("Instruction and output (Alpaca)")).toBeVisible();
  // It does not stand in the way of the import.
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.click(shown.getByRole("tab", { name: /^Problems/ }));
  await user.click(await shown.findByRole("button", { name: "Show row 2" }));
  await waitFor(() =>
    expect(shown.getByRole("region", { name: "Selected value" })).toHaveTextContent(
      "intent in row 2, line 3",
    ),
  );
  await user.click(shown.getByRole("tab", { name: /^Columns/ }));
  expect(await shown.findByRole("list", { name: "Columns" })).toHaveTextContent(
    /votes Whole number.*In every row/,
  );
});

test("a refused name is said beside the field, and what was typed stays", async () => {
  const { fake, user } = await openDatasets();
  fake.drop(["/data/tickets.csv"]);
  const shown = within(await dialog());
  const name = await shown.findByRole("textbox", { name: "Name" });
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.clear(name);
  expect(name).toHaveAccessibleDescription(/Give the dataset a name/);
  expect(shown.getByRole("button", { name: "Import" })).toBeDisabled();
  await user.type(name, "Support tickets");
  await user.click(shown.getByRole("button", { name: "Import" }));

  await waitFor(() => expect(name).toHaveAccessibleDescription(/already called 'Support tickets'/));
  expect(name).toHaveValue("Support tickets");
  expect(name).toHaveFocus();
  await user.type(name, " 2{Enter}");
  expect(await screen.findByText("Imported Support tickets 2")).toBeVisible();
});

test("a refusal that is not about the name is said above the field", async () => {
  const { fake, user } = await openDatasets((fake) =>
    fake.on("import_dataset", () => {
      throw refusal("file", "tickets.csv was changed while it was read.", { hint: "Read it again." });
    }),
  );
  fake.drop(["/data/tickets.csv"]);
  const shown = within(await dialog());
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.click(shown.getByRole("button", { name: "Import" }));
  expect(await shown.findByRole("alert")).toHaveTextContent(/was changed while it was read.*Read it again/);
});

test("reading can be stopped and begun again; leaving stops it too", async () => {
  const reading = held<Scan>();
  const { fake, user } = await openDatasets((fake) => {
    fake.on("scan_dataset", () => reading.promise);
    fake.on("cancel", () => {
      reading.reject(refusal("cancelled", "Stopped."));
      return true;
    });
  });
  fake.drop(["/data/tickets.csv"]);
  const shown = within(await dialog());
  await user.click(await shown.findByRole("button", { name: "Stop reading" }));
  expect(await shown.findByText(/Reading was stopped/)).toBeVisible();
  expect(called(fake, "cancel")[0]?.args.task).toBe(called(fake, "scan_dataset")[0]?.args.task);

  fake.on("scan_dataset", () => new Promise(() => {}));
  await user.click(shown.getByRole("button", { name: "Read again" }));
  await shown.findByRole("button", { name: "Stop reading" });
  await user.click(shown.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(called(fake, "cancel").at(-1)?.args.task).toBe(called(fake, "scan_dataset").at(-1)?.args.task);
});

test("importing can be stopped; meanwhile the dialog stays", async () => {
  const importing = held<never>();
  const { fake, user } = await openDatasets((fake) => {
    fake.on("import_dataset", () => importing.promise);
    fake.on("cancel", () => {
      importing.reject(refusal("cancelled", "Stopped."));
      return true;
    });
  });
  fake.drop(["/data/tickets.csv"]);
  const shown = within(await dialog());
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.click(shown.getByRole("button", { name: "Import" }));
  await shown.findByRole("progressbar", { name: "Importing the file" });
  await user.keyboard("{Escape}");
  await user.click(await shown.findByRole("button", { name: "Stop importing" }));
  expect(await shown.findByText("Importing was stopped. Nothing was saved.")).toBeVisible();
  expect(shown.getByRole("textbox", { name: "Name" })).toHaveValue("tickets");
  expect(fake.store.counts()[0]).toEqual({ table: "datasets", rows: 3 });
});

test("a file that can't be read says why and another can be chosen", async () => {
  const { fake, user } = await openDatasets();
  fake.drop(["/data/gone.csv"]);
  const shown = within(await dialog());
  expect(await shown.findByRole("alert")).toHaveTextContent(
    "/data/gone.csv is not there.Was it moved or renamed?",
  );
  fake.nextPick("/data/tickets.csv");
  const another = shown.getByRole("button", { name: "Choose another file" });
  await waitFor(() => expect(another).toHaveFocus());
  await user.click(another);
  expect(await shown.findByRole("grid", { name: "Rows of the file" })).toBeVisible();
});

test("several dropped files come one after another", async () => {
  const { fake, user } = await openDatasets();
  fake.drop(["/data/tickets.csv", "/data/broken.csv", "/data/more.csv"]);
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
  expect(called(fake, "import_dataset").map(({ args }) => args.name)).toEqual(["tickets", "more"]);
});

test("a folder can be chosen in the place of a file, and says its splits", async () => {
  const folder: FakeFile = {
    ...tickets,
    type: "project",
    splits: [
      { name: "train", files: ["train-00000-of-00002.csv", "train-00001-of-00002.csv"], rows: 1 },
      { name: "test", files: ["test.csv"], rows: 1 },
    ],
  };
  const { fake, user } = await openDatasets((fake) =>
    installFakeFiles(fake, { ...files, "/data/support": folder }),
  );
  fake.drop(["/data/tickets.csv"]);
  const shown = within(await dialog());
  fake.nextPick("/data/support");
  await user.click(await shown.findByRole("button", { name: "Choose a folder" }));
  expect(await shown.findByText("train: 2 files · test: 1 file")).toBeVisible();
  expect(shown.getByText("Folder")).toBeVisible();
  expect(shown.queryByRole("button", { name: "Choose a folder" })).not.toBeInTheDocument();
  await waitFor(() => expect(shown.getByRole("button", { name: "Import" })).toBeEnabled());
  expect(shown.getByRole("textbox", { name: "Name" })).toHaveValue("support");
});
