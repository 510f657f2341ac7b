import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { write } from "../../testing/example/files";
import type { HostWindow } from "../../testing/host/window";
import { openHost, showStudio } from "../../testing/open";
import { begun } from "../../testing/runs";

const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";
const gemma = "8a8e6c1b-44a2-4f0c-8a3d-3d2f5a0b9c22";

/** A dataset of pairs in the example's studio. */
async function pairs(host: HostWindow): Promise<string> {
  const rows = Array.from({ length: 40 }, (_, n) =>
    JSON.stringify({ prompt: `Ask ${n}:`, chosen: ` good ${n}`, rejected: ` bad ${n}` }),
  );
  const file = write(join(host.folder, "pairs.jsonl"), `${rows.join("\n")}\n`);
  const { row } = await host.core.importDataset(file, "Pairs", "import", new Channel(), null);
  return String(row.row.id);
}

const lines = () =>
  within(screen.getByRole("region", { name: "Answers" }))
    .getAllByRole("row")
    .slice(1);

test("the start page says how answers are compared, and shows what a model sees", async () => {
  const host = await openHost("example");
  const { user } = showStudio(`/evaluation/start?adapter=${adapter}&dataset=${await pairs(host)}`, host);
  expect(await screen.findByText(/^Compared by reward: how much likelier/)).toBeVisible();
  expect(screen.getByText("Compared by how likely the model finds an answer")).toBeVisible();
  expect(screen.getByText("Comparisons")).toBeVisible();
  expect(screen.queryByRole("radio", { name: "Sampled" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Preview…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "What the model will see" }));
  expect(await dialog.findByText("good 0")).toBeVisible();
  expect(dialog.getByText("bad 0")).toBeVisible();
  expect(dialog.getByRole("combobox", { name: "As seen by" })).toHaveValue("Gemma 3 1B alone");
  await user.keyboard("{Alt>}{PageDown}{/Alt}");
  expect(await dialog.findByText("good 1")).toBeVisible();
});

test("pairs are shown with what each model prefers, by margin and only the wrong ones", async () => {
  const host = await openHost("example");
  const { id } = await host.core.startEvaluation({
    model_adapter_combinations: [null, adapter].map((adapter_id) => ({ base_model_id: gemma, adapter_id })),
    dataset_id: await pairs(host),
  });
  const run = await begun(host.connection, id);
  const { combinations } = JSON.parse(readFileSync(join(run.folder, "job.json"), "utf8"));
  const asked = readFileSync(join(run.folder, "eval.jsonl"), "utf8").trimEnd().split("\n");
  const numbers: number[] = asked.map((line) => JSON.parse(line).row);
  const middle = [...numbers].sort((a, b) => a - b)[2] ?? 0;
  for (const [which, { job, folder }] of combinations.entries()) {
    const judged = numbers.map((row) => {
      const margin = (row - middle + 0.5) * (which + 1);
      const rewards = which === 0 ? [null, null] : [margin, 0];
      return {
        ...{ row, right: margin > 0 ? 1 : 0, margin, latency: 0.1 },
        ...{ chosen_reward: rewards[0], rejected_reward: rewards[1], chosen_tokens: 3, rejected_tokens: 4 },
        ...{ chosen_logps: margin - 9, rejected_logps: -9 },
      };
    });
    write(join(folder, "rows.jsonl"), judged.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const shares = which === 0 ? { "logps/accuracies": 0.5 } : { "rewards/accuracies": 0.75 };
    run.report(
      { event: "combination", job, status: "scored", done: 4, total: 4 },
      { event: "result", job, metrics: { ...shares, "logps/chosen": -9 } },
    );
  }
  run.end({ status: "succeeded" });
  const { user } = showStudio(`/runs/${id}`, host);
  const totals = within(await screen.findByRole("region", { name: "Totals" }));
  const heads = totals.getAllByRole("columnheader").map((head) => head.textContent);
  expect(heads).toEqual(["Model or adapter", "Rows", "Preferred by reward", "Likelier answers"]);
  expect(within(totals.getByRole("row", { name: /^tickets-intent/ })).getByText("75.0%")).toBeVisible();
  await waitFor(() => expect(lines()).toHaveLength(4));
  expect(screen.getByRole("columnheader", { name: "Rejected" })).toBeVisible();
  expect(screen.queryByRole("switch", { name: "Word differences" })).not.toBeInTheDocument();

  await user.click(screen.getByRole("combobox", { name: "Order" }));
  await user.click(await screen.findByRole("option", { name: "Greatest margin of tickets-intent" }));
  const order = () => lines().map((line) => Number(within(line).getByRole("rowheader").textContent));
  await waitFor(() => expect(order()).toEqual([...numbers].sort((a, b) => b - a)));
  const first = within(lines()[0] as HTMLElement);
  expect(first.getAllByText("Right")).toHaveLength(2);
  await user.click(first.getByRole("button", { name: /^Show all of row/ }));
  expect(first.getByText(/^reward \+.*, log-probability .*, 3 tokens$/)).toBeVisible();

  await user.click(screen.getByRole("radio", { name: "Wrong" }));
  await waitFor(() => expect(lines()).toHaveLength(2));
  expect(screen.getByText(/judges wrong$/)).toBeVisible();
});
