import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, inject, test } from "vitest";
import type { EvaluationRequest } from "../../bindings";
import { csv, write } from "../../testing/example/files";
import { openHost, openStudio, showStudio } from "../../testing/open";
import { begun, RunFiles } from "../../testing/runs";
import { choice } from "./initialEvaluation";
import { best } from "./measures";
import { combinations } from "./useEvaluation";

const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";
const gemma = "8a8e6c1b-44a2-4f0c-8a3d-3d2f5a0b9c22";
const ids = inject("templates").runs;
const lines = () =>
  within(screen.getByRole("region", { name: "Answers" }))
    .getAllByRole("row")
    .slice(1);

/** The folders with the answers of an evaluation's models. */
function combinationsOf(folder: string): string[] {
  const { combinations } = JSON.parse(readFileSync(join(folder, "job.json"), "utf8"));
  return combinations.map((one: { folder: string }) => one.folder);
}

/** Changes the first line of a file with a JSON object a line. */
function changeFirst(path: string, changes: object): void {
  const [first = "{}", ...rest] = readFileSync(path, "utf8").split("\n");
  write(path, [JSON.stringify({ ...JSON.parse(first), ...changes }), ...rest].join("\n"));
}

test("an adapter is evaluated against its base on the rows it was not trained on", async () => {
  const { host, user } = await openStudio(`/evaluation/start?adapter=${adapter}`, "example");
  await waitFor(() => expect(screen.getByRole("combobox", { name: "Base model" })).toHaveValue("Gemma 3 1B"));
  await waitFor(() =>
    expect(screen.getByRole("combobox", { name: "Adapter" })).toHaveValue("tickets-intent"),
  );
  await waitFor(() =>
    expect(screen.getByRole("combobox", { name: /Dataset/ })).toHaveValue("Support tickets"),
  );
  const summary = within(screen.getByRole("region", { name: "Summary" }));
  expect(await summary.findByText("60")).toBeVisible();
  await user.click(screen.getByRole("checkbox", { name: /Also the base model alone/ }));
  await waitFor(() => expect(summary.queryByText("60")).not.toBeInTheDocument());
  await user.click(screen.getByRole("checkbox", { name: /Also the base model alone/ }));
  await user.click(screen.getByRole("radio", { name: "Sampled" }));
  await waitFor(() => expect(screen.getByRole("radio", { name: "Sampled" })).toBeChecked());
  const part = screen.getByRole("textbox", { name: "Part of the held-back rows" });
  await user.clear(part);
  await user.type(part, "2");
  expect(part).toHaveAccessibleDescription("This must be more than 0 and at most 1.");
  await user.clear(part);
  await user.type(part, "0.5");
  expect(await summary.findByText("15")).toBeVisible();
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(host.calls.some(({ command }) => command === "start_evaluation")).toBe(true));
  const fields = host.calls.find(({ command }) => command === "start_evaluation")?.args
    .request as EvaluationRequest;
  expect(fields).toMatchObject({
    model_adapter_combinations: [
      { base_model_id: gemma, adapter_id: null },
      { base_model_id: gemma, adapter_id: adapter },
    ],
    eval_dataset_fraction: 0.5,
    batch_size: 8,
    selected_features: [],
  });
  expect(fields).not.toHaveProperty("base_model_id");
  expect(JSON.parse(String(fields.generation_config))).toMatchObject({ do_sample: true, max_new_tokens: 60 });
});

test("a base comes once, before the first of its adapters", () => {
  const of = (model: string, adapter: string) => choice(model, adapter);
  const chosen = combinations([of("a", "1"), of("a", "2"), of("b", "3"), of("", "")], true);
  expect(chosen.map(({ base_model_id, adapter_id }) => `${base_model_id}${adapter_id ?? ""}`)).toEqual([
    "a",
    "a1",
    "a2",
    "b",
    "b3",
  ]);
  expect(combinations([of("a", "1"), of("a", "")], true)).toHaveLength(2);
  expect(combinations([of("a", "1")], false)).toEqual([{ base_model_id: "a", adapter_id: "1" }]);
});

test("the best is marked where there is one", () => {
  expect(best([0.5, 0.7, null], false)).toBe(0.7);
  expect(best([0.5, 0.7], true)).toBe(0.5);
  expect(best([0.5, 0.5], false)).toBeNull();
  expect(best([0.5, null], false)).toBeNull();
});

test("answers stand side by side with totals, and are narrowed to those worth a look", async () => {
  const { user } = await openStudio(`/runs/${ids.evaluation}`, "runs");
  const totals = within(await screen.findByRole("region", { name: "Totals" }));
  const tuned = within(totals.getByRole("row", { name: /^tickets-intent/ }));
  expect(tuned.getByText("86.7%")).toHaveTextContent("86.7%best");
  await waitFor(() => expect(lines()).toHaveLength(30));
  expect(screen.getByText("30 rows")).toBeVisible();

  await user.click(screen.getByRole("radio", { name: "Wrong" }));
  await waitFor(() => expect(lines().length).toBeLessThan(30));
  for (const line of lines()) expect(within(line).getAllByText("Wrong").length).toBeGreaterThan(0);

  await user.click(screen.getByRole("radio", { name: "Better" }));
  expect(
    await screen.findByText(/answered as expected by tickets-intent but not by Gemma 3 1B alone/),
  ).toBeVisible();
  await waitFor(() => {
    for (const line of lines()) {
      const [base, adapter] = within(line).getAllByRole("cell").slice(-2);
      expect(base).toHaveTextContent(/^Wrong/);
      expect(adapter).toHaveTextContent(/^Right/);
    }
  });
  await user.click(screen.getByRole("radio", { name: "Worse" }));
  expect(await screen.findByText(/answered as expected by Gemma 3 1B alone but not/)).toBeVisible();
  await user.click(screen.getByRole("radio", { name: "All" }));
  await waitFor(() => expect(lines()).toHaveLength(30));
});

test("the words that differ are marked, and can be left unmarked", async () => {
  const { user } = await openStudio(`/runs/${ids.evaluation}`, "runs", (host) => {
    const { folder } = new RunFiles(host, ids.evaluation);
    const [base] = combinationsOf(folder);
    changeFirst(join(folder, "eval.jsonl"), { completion: "to be or not to be" });
    changeFirst(join(base ?? "", "rows.jsonl"), { output: "to see or not to be", exact_match: 0 });
  });
  await waitFor(() => expect(lines()).toHaveLength(30));
  const line = within(lines()[0] as HTMLElement);
  expect(line.getByTitle("Not expected")).toHaveTextContent("see");
  expect(line.getAllByTitle("Expected, but missing")[0]).toHaveTextContent("be");
  await user.click(screen.getByRole("switch", { name: "Word differences" }));
  expect(line.queryByTitle("Not expected")).not.toBeInTheDocument();
  expect(line.getByText("to see or not to be")).toBeVisible();
});

test("answers come while it goes, a page at a time", async () => {
  const host = await openHost("example");
  const file = csv([
    ["instruction", "intent"],
    ...Array.from({ length: 1200 }, (_, n) => [`Ask ${n}`, "no"]),
  ]);
  const { row } = await host.core.importDataset(
    write(join(host.folder, "many.csv"), file),
    "Many",
    "import",
    new Channel(),
    null,
  );
  const dataset = String(row.row.id);
  const prompt = await host.core.create("prompts", {
    name: "Many",
    dataset_id: dataset,
    input_template: "{instruction}",
    completion_template: "{intent}",
  });
  const { id } = await host.core.startEvaluation({
    model_adapter_combinations: [null, adapter].map((adapter_id) => ({ base_model_id: gemma, adapter_id })),
    dataset_id: dataset,
    prompt_id: String(prompt.row.row.id),
  });
  const run = await begun(host.connection, id);
  const { folder } = run;
  const { user } = showStudio(`/runs/${id}`, host);
  await waitFor(() => expect(lines()).toHaveLength(50));
  expect(screen.getAllByText("No answer yet")).toHaveLength(100);
  const held = readFileSync(join(folder, "eval.jsonl"), "utf8").trimEnd().split("\n");
  const rows: { row: number }[] = held.map((line) => JSON.parse(line));
  const answer = { row: rows[0]?.row, output: "first words", exact_match: 1, latency: 0.1 };
  write(join(combinationsOf(folder)[0] ?? "", "rows.jsonl"), `${JSON.stringify(answer)}\n`);
  const [job] = (await host.core.runReport(id)).jobs;
  run.report({ event: "combination", job: job?.row.id, status: "answering", done: 1, total: 120 });
  expect(await screen.findByText("first words")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Page 3" }));
  await waitFor(() => expect(lines()).toHaveLength(20));
  expect(within(lines()[0] as HTMLElement).getByRole("rowheader")).toHaveTextContent(String(rows[100]?.row));
});

test("the list of evaluations shows the result of each", async () => {
  await openStudio("/evaluation_jobs", "runs");
  const grid = within(await screen.findByRole("grid", { name: "Evaluation" }));
  expect(await grid.findByText("86.7%")).toBeVisible();
  expect(grid.getByText("26.7%")).toBeVisible();
});
