import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openStudio } from "../testing/open";
import { refusal } from "../testing/refusal";

const page = (name: string) => screen.findByRole("heading", { level: 1, name });

test("the navigation names every page, with counts", async () => {
  await openStudio("/models", "example");
  const navigation = within(await screen.findByRole("navigation", { name: "Pages" }));
  const names = (await navigation.findAllByRole("link")).map((link) =>
    link.textContent?.replace(/ \d*$/, ""),
  );
  expect(names).toEqual([
    "Home",
    "Datasets",
    "Models",
    "Adapters",
    "Prompts",
    "Configs",
    "Training",
    "Evaluation",
    "Hub",
    "Transfers",
    "Serve",
    "Compute",
    "Database",
    "Deleted",
    "Settings",
  ]);
  await waitFor(() => expect(navigation.getByRole("link", { name: /^Datasets/ })).toHaveTextContent("3"));
});

test("another workspace is opened from the menu, and nothing of the old one is left", async () => {
  const { user, host } = await openStudio("/models", "example");
  await screen.findByText("Gemma 3 1B");
  await user.click(await screen.findByRole("button", { name: "Workspace studio" }));
  host.on("list", () => ({ total: 0, rows: [] }));
  host.nextPick("/home/ada/other.db");
  await user.click(await screen.findByRole("menuitem", { name: "Open another…" }));
  expect(await screen.findByRole("button", { name: "Workspace other" })).toBeVisible();
  await user.click(
    within(screen.getByRole("navigation", { name: "Pages" })).getByRole("link", { name: /^Models/ }),
  );
  expect(await screen.findByText("No models yet")).toBeVisible();
  expect(screen.queryByText("Gemma 3 1B")).not.toBeInTheDocument();
});

test("a workspace that can't be opened says why, and another can be opened", async () => {
  const { user, host } = await openStudio("/models", "example", (host) => {
    host.on("workspace", () => {
      throw refusal("damaged", "The file '/home/ada/studio.db' is damaged.", { hint: "Open a copy of it." });
    });
  });
  expect(await page("No workspace is open")).toBeVisible();
  expect(screen.getByRole("alert")).toHaveTextContent("The file '/home/ada/studio.db' is damaged.");
  host.nextPick("/home/ada/copy.db");
  await user.click(screen.getByRole("button", { name: "Open another…" }));
  expect(await screen.findByRole("button", { name: "Workspace copy" })).toBeVisible();
  expect(screen.queryByText("No workspace is open")).not.toBeInTheDocument();
});

test("Settings open while no workspace does", async () => {
  const { user } = await openStudio("/models", "example", (host) => {
    host.on("workspace", () => {
      throw refusal("damaged", "The file '/home/ada/studio.db' is damaged.", { hint: "Open a copy of it." });
    });
  });
  expect(await page("No workspace is open")).toBeVisible();
  await user.click(screen.getByRole("link", { name: "Settings" }));
  expect(await page("Settings")).toBeVisible();
  expect(screen.getByRole("radio", { name: "Dark" })).toBeInTheDocument();
  await user.click(screen.getByRole("link", { name: /^Models/ }));
  expect(await page("No workspace is open")).toBeVisible();
});

test("the navigation can be collapsed, and its links keep their names", async () => {
  const { user } = await openStudio("/models", "example");
  await user.click(await screen.findByRole("button", { name: "Collapse navigation" }));
  expect(screen.getByRole("link", { name: /^Prompts/ })).toBeVisible();
  expect(screen.queryByText("Resources")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Expand navigation" })).toHaveFocus();
});
