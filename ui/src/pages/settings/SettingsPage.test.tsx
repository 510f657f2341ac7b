import { screen, waitFor, within } from "@testing-library/react";
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

test("diagnostics are copied: versions and the log", async () => {
  const { user, host } = await openStudio("/settings");
  await user.click(await screen.findByRole("button", { name: "Copy diagnostics" }));
  expect(await screen.findByText("Diagnostics copied.")).toBeVisible();
  const copied = await navigator.clipboard.readText();
  expect(copied).toMatch(/^Fine Tuning Studio 0\.1\.0\nSystem: .+\nDatabase: .+, 0 rows\nWeb view: /);
  expect(host.calls.some(({ command }) => command === "diagnostics")).toBe(true);
});

test("the licenses of what the program contains are shown, or said to be missing in a build for development", async () => {
  const { user, host } = await openStudio("/settings");
  await user.click(await screen.findByRole("button", { name: "Licenses of what it contains" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Licenses of what it contains" }));
  expect(await dialog.findByText(/was built for development/)).toBeVisible();
  expect(await host.core.thirdPartyNotices()).toBeNull();
});

test("installed licenses are shown as they are", async () => {
  const { user } = await openStudio("/settings", "empty", (host) =>
    host.on("thirdPartyNotices", () => "tokio 1.0.0: MIT\n\nPermission is hereby granted"),
  );
  await user.click(await screen.findByRole("button", { name: "Licenses of what it contains" }));
  expect(await screen.findByText(/tokio 1.0.0: MIT/)).toBeVisible();
});
