import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { kept } from "../../platform/fake/fillings";
import { openStudio } from "../../platform/fake/open";
import { type FakeFile, installFakeFiles } from "./fakeFiles";

const numbers: FakeFile = {
  type: "project_jsonl",
  columns: [["text", "text"]],
  rows: Array.from({ length: 120 }, (_, at) => [`text ${at + 1}`]),
};
const datasets = [
  kept("datasets", { id: "d1", type: "project_jsonl", name: "Numbers", location: "/data/numbers.jsonl" }),
  kept("datasets", { id: "d2", type: "project_csv", name: "Moved", location: "/data/moved.csv" }),
  kept("datasets", { id: "d3", type: "huggingface", name: "squad", huggingface_name: "rajpurkar/squad" }),
];

const open = (id: string) =>
  openStudio(`/datasets?id=${id}`, { datasets }, (fake) =>
    installFakeFiles(fake, { "/data/numbers.jsonl": numbers }),
  );

test("the rows of a dataset are walked through page by page, to the last and to any row", async () => {
  const { user } = open("d1");
  expect(await screen.findByText("1 to 50")).toBeVisible();
  expect(screen.getByRole("button", { name: "Previous rows" })).toBeDisabled();

  await user.click(screen.getByRole("button", { name: "Next rows" }));
  expect(await screen.findByText("51 to 100")).toBeVisible();
  expect(screen.getByRole("gridcell", { name: "text 51" })).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Last rows" }));
  expect(await screen.findByText("101 to 120 of 120")).toBeVisible();
  expect(screen.getByRole("gridcell", { name: "text 120" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Next rows" })).toBeDisabled();

  await user.type(screen.getByRole("textbox", { name: "Row to go to" }), "77{Enter}");
  expect(await screen.findByText("77 to 120 of 120")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "First rows" }));
  expect(await screen.findByText("1 to 50 of 120")).toBeVisible();
});

test("the rows can be read over the whole window, from where one was", async () => {
  const { user } = open("d1");
  await user.click(await screen.findByRole("button", { name: "Next rows" }));
  await screen.findByText("51 to 100");
  await user.click(screen.getByRole("button", { name: "Enlarge" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Rows of Numbers" }));
  expect(await dialog.findByRole("gridcell", { name: "text 51" })).toBeVisible();
});

test("a file that is not there any more is said, and can be tried again", async () => {
  const { fake, user } = open("d2");
  const panel = within(await screen.findByRole("complementary", { name: "Moved" }));
  expect(await panel.findByRole("alert")).toHaveTextContent(
    "/data/moved.csv is not there.Was it moved or renamed?",
  );
  installFakeFiles(fake, { "/data/moved.csv": numbers });
  await user.click(panel.getByRole("button", { name: "Try again" }));
  expect(await panel.findByRole("gridcell", { name: "text 1" })).toBeVisible();
});

test("the rows of a dataset on the Hub are not asked for", async () => {
  const { fake } = open("d3");
  expect(await screen.findByText(/are on the Hugging Face Hub and are not read here/)).toBeVisible();
  await waitFor(() => expect(screen.getByRole("complementary", { name: "squad" })).toBeVisible());
  expect(fake.calls.map(({ command }) => command)).not.toContain("preview_dataset");
});
