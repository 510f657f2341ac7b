import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openStudio } from "../../testing/open";

const prompt = "e1a00000-0000-4000-8000-000000000021";

test("the example is loaded from an empty Home and removed again, and that can be undone", async () => {
  const { user, host } = await openStudio("/");
  await user.click(await screen.findByRole("button", { name: "Load the example" }));
  expect(
    await screen.findByText("The example was added: 1 dataset, 2 models, 2 prompts, and 3 configs."),
  ).toBeVisible();
  await user.click(await screen.findByRole("button", { name: "Remove the example" }));
  expect(await screen.findByText("The example workspace was removed.")).toBeVisible();
  expect(await screen.findByRole("heading", { name: "Start here" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(async () => expect(await host.has("prompts", prompt)).toBe(true));
});

test("what was changed in it is asked about", async () => {
  const { user, host } = await openStudio("/");
  await user.click(await screen.findByRole("button", { name: "Load the example" }));
  await screen.findByRole("button", { name: "Remove the example" });
  await host.core.update("prompts", prompt, { name: "Mine" });
  await user.click(screen.getByRole("button", { name: "Remove the example" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Remove the example workspace?" }));
  expect(await dialog.findByText("Mine")).toBeVisible();
  expect(dialog.getByRole("button", { name: "Remove" })).toBeDisabled();
  await user.click(dialog.getByRole("radio", { name: "Keep it" }));
  await user.click(dialog.getByRole("radio", { name: "Keep it, without the reference" }));
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(await host.has("prompts", prompt)).toBe(true);
  expect(await host.count("datasets")).toBe(0);
});
