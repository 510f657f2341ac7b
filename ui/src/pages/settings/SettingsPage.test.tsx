import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { openStudio } from "../../testing/open";

test("the theme is chosen and kept; the version, the database and the license are shown", async () => {
  const { user, host } = await openStudio("/settings");
  expect(await screen.findByRole("radio", { name: "Same as the system" })).toBeChecked();
  await user.click(screen.getByRole("radio", { name: "Dark" }));
  await waitFor(() => expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "dark"));
  expect(localStorage.getItem("mantine-color-scheme-value")).toBe("dark");
  expect(await screen.findByText("0.1.0")).toBeVisible();
  expect(screen.getAllByText(`${host.folder}/studio.db`)[0]).toBeVisible();
  expect(screen.getByText("Apache-2.0")).toBeVisible();
});
