import { join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TrainingRequest } from "../../../bindings";
import { write, writeModel } from "../../../testing/example/files";
import { openStudio } from "../../../testing/open";

async function openRows(rows: object[]) {
  let dataset = "";
  let model = "";
  const opened = await openStudio("/", "example", async (host) => {
    writeModel(join(host.folder, "model"));
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const path = write(join(host.folder, "rows.jsonl"), text);
    dataset = String((await host.core.importDataset(path, "Rows", "import", new Channel(), null)).row.row.id);
    const fields = { type: "project", name: "Plain", location: join(host.folder, "model") };
    model = String((await host.core.create("models", fields)).row.row.id);
  });
  await opened.router.navigate({ to: "/training/start", search: { dataset, model } });
  await opened.user.click(await screen.findByRole("combobox", { name: "Method" }));
  await opened.user.click(await screen.findByRole("option", { name: /^Kahneman-Tversky/ }));
  return opened;
}

test("ratings are good from where the plan says, until another number is typed", async () => {
  const answers = Array.from({ length: 40 }, (_, at) => ({
    prompt: "Hi",
    completion: `Hello ${at}`,
    stars: 1 + (at % 5),
  }));
  const { host, user } = await openRows(answers);
  await user.click(await screen.findByRole("combobox", { name: "Good answers by" }));
  await user.click(await screen.findByRole("option", { name: "stars" }));
  const from = await screen.findByRole("textbox", { name: "Good from" });
  expect(from).toHaveAttribute("placeholder", "4");
  await user.type(from, "five");
  expect(await screen.findByText("This must be a number.")).toBeVisible();
  await user.clear(from);
  await user.type(from, "5");
  await waitFor(() => {
    const asked = host.calls.findLast(({ command }) => command === "plan_training")?.args.request;
    expect((asked as TrainingRequest | undefined)?.choices).toMatchObject({
      method: "kto",
      rating_column: "stars",
      rating_threshold: 5,
    });
  });
});

test("a pair is shown as a good and a bad answer", async () => {
  const pairs = Array.from({ length: 40 }, (_, at) => ({
    prompt: "Hi",
    chosen: `Hello ${at + 1}`,
    rejected: `Go ${at + 1}`,
  }));
  const { user } = await openRows(pairs);
  const column = await screen.findByRole("combobox", { name: "Good answers by" });
  expect(column).toHaveAttribute("placeholder", "Chosen answers are good, rejected ones bad");
  expect(screen.queryByRole("textbox", { name: "Good from" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Preview…" }));
  expect(await screen.findByText("a good answer")).toBeVisible();
  expect(screen.getByText("a bad answer")).toBeVisible();
});
