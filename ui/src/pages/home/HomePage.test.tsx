import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { write } from "../../testing/example/files";
import { openStudio } from "../../testing/open";

test("an empty workspace offers ways to begin, and importing one fills Home", async () => {
  const { host, user, router } = await openStudio("/", "empty", (host) => {
    host.nextPick(write(`${host.folder}/tickets.csv`, "question\nWhy?\n"));
  });
  const way = within(await screen.findByRole("region", { name: "Import a dataset" }));
  await user.click(way.getByRole("button", { name: "Choose a file" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Import a dataset" }));
  await waitFor(() => expect(dialog.getByRole("button", { name: "Import" })).toBeEnabled());
  await user.click(dialog.getByRole("button", { name: "Import" }));
  await screen.findByRole("complementary", { name: "tickets" });
  expect(await host.count("datasets")).toBe(1);

  await router.navigate({ to: "/" });
  const counts = within(await screen.findByRole("list", { name: "Counts" }));
  expect(counts.getByRole("link", { name: "Datasets 1" })).toBeVisible();
});

test("an empty workspace opens another database or starts with a model", async () => {
  const { host, user } = await openStudio("/", "empty", (host) => host.nextPick(`${host.folder}/old.db`));
  await user.click(await screen.findByRole("button", { name: "Choose a database" }));
  await waitFor(() =>
    expect(host.calls.find(({ command }) => command === "open_workspace")?.args.path).toBe(
      `${host.folder}/old.db`,
    ),
  );
  await user.click(await screen.findByRole("button", { name: "Add a model" }));
  expect(await screen.findByRole("dialog", { name: "New model" })).toBeVisible();
});

test("what is missing for a first run ticks itself", async () => {
  const { user } = await openStudio("/", {
    datasets: [{ id: "d", type: "huggingface", name: "squad", huggingface_name: "squad" }],
    models: [{ id: "m", type: "huggingface", name: "Gemma", huggingface_model_name: "gemma" }],
  });
  const steps = within(await screen.findByRole("region", { name: "For a first run" }));
  expect(steps.getByText("2 of 6 are done.")).toBeVisible();
  expect(steps.getAllByRole("img", { name: "Done" })).toHaveLength(2);
  expect(steps.queryByRole("button", { name: /dataset/ })).not.toBeInTheDocument();
  await user.click(steps.getByRole("button", { name: "New config" }));
  expect(await screen.findByRole("dialog", { name: "New config" })).toBeVisible();
});

test("rows of all tables are listed by when they changed, each a way to it", async () => {
  const { user } = await openStudio("/", "example");
  const changes = within(await screen.findByRole("region", { name: "Changed last" }));
  await waitFor(() => expect(changes.getAllByRole("link")).toHaveLength(10));
  const names = changes.getAllByRole("link").map((link) => link.textContent);
  expect(names[0]).toMatch(/^Support tickets/);
  expect(names.at(-1)).toMatch(/^squad/);
  expect(screen.queryByRole("region", { name: "For a first run" })).not.toBeInTheDocument();
  await user.click(changes.getByRole("link", { name: /Gemma 3 1B/ }));
  expect(await screen.findByRole("complementary", { name: "Gemma 3 1B" })).toBeVisible();
});
