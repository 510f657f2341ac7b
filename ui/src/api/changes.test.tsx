import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, inject, test, vi } from "vitest";
import { begin } from "../testing/example/runs";
import type { HostWindow } from "../testing/host/window";
import { openHost, openStudio } from "../testing/open";
import { followChanges, showsRun, showsStoreChange } from "./changes";
import { keys } from "./store";

afterEach(() => void vi.useRealTimers());

const ids = inject("templates").runs;
const model = { type: "huggingface", name: "From elsewhere", huggingface_model_name: "lab/elsewhere" };

/** What the pages asked the core for, by command. */
const requests = (host: HostWindow) =>
  host.calls.map(({ command }) => command).filter((it) => !/^plugin:/.test(it));

test("rows that others add, change and delete appear in an open list without a hand", async () => {
  const { host } = await openStudio("/models", "example");
  const main = within(await screen.findByRole("main"));
  await main.findByText("Gemma 3 1B");
  const added = await host.core.create("models", model);
  expect(await main.findByText("From elsewhere")).toBeVisible();
  const id = String(added.row.row.id);
  await host.core.update("models", id, { name: "Renamed elsewhere" });
  expect(await main.findByText("Renamed elsewhere")).toBeVisible();
  await host.core.delete("models", [id], "refuse");
  await waitFor(() => expect(main.queryByText("Renamed elsewhere")).not.toBeInTheDocument());
});

test("a run that others start appears, and what it writes is shown as it comes", async () => {
  const { host } = await openStudio(`/runs/${ids.running}`, "runs");
  const main = within(await screen.findByRole("main"));
  expect(await main.findByRole("button", { name: "Take out of the queue" })).toBeVisible();
  const run = await begin(host.connection, ids.running);
  run.report({ event: "progress", step: 7, max_steps: 204 });
  expect(await main.findByText(/Step 7 of 204/)).toBeVisible();
  run.print("A line of the log\n");
  const log = within(await screen.findByRole("log", { name: "Log" }));
  expect(await log.findByText("A line of the log")).toBeInTheDocument();
});

test.each(["/", "/models", `/runs/${ids.running}`])(
  "nothing is requested on %s while nothing happens",
  async (at) => {
    vi.useFakeTimers({
      shouldAdvanceTime: true,
      toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout"],
    });
    const { host } = await openStudio(at, "runs", async (host) => {
      await begin(host.connection, ids.running);
    });
    await screen.findByRole("heading", { level: 1 });
    // Events are handled in order, so that after this one the others are handled too.
    await host.core.create("models", model);
    await waitFor(() => expect(requests(host).filter((it) => it === "workspace").length).toBeGreaterThan(1));
    await host.core.queue();
    const minute = () => act(() => vi.advanceTimersByTimeAsync(60_000));
    await minute();
    await host.core.queue();
    const before = requests(host).length;
    await minute();
    await host.core.queue();
    expect(requests(host).slice(before)).toEqual([]);
  },
);

test("a query that changes while it is refreshed is refreshed once more, and never restarted", async () => {
  const host = await openHost();
  const client = new QueryClient();
  const answers: (() => void)[] = [];
  const observer = new QueryObserver(client, {
    queryKey: keys.workspace,
    queryFn: () => new Promise((ok) => answers.push(() => ok(answers.length))),
  });
  const stops = [observer.subscribe(() => {}), followChanges(client)];
  await waitFor(() => expect(host.calls.map(({ args }) => args.event)).toContain("store-changed"));
  const settled = () => waitFor(() => expect(client.isFetching()).toBe(0));
  answers[0]?.();
  await settled();
  for (let n = 0; n < 5; n++) host.emit("store-changed", { tables: [], runs: true });
  expect(answers).toHaveLength(2);
  answers[1]?.();
  await waitFor(() => expect(answers).toHaveLength(3));
  answers[2]?.();
  await settled();
  expect(answers).toHaveLength(3);
  for (const stop of stops) stop();
});

test("a change refreshes what shows it, and nothing else", () => {
  const models = { tables: ["models" as const], runs: false, transfers: false };
  const shows = (...key: unknown[]) => showsStoreChange(["store", ...key], models);
  expect(shows("list", "models", {})).toBe(true);
  // Adapters name their base models.
  expect(shows("row", "adapters", "a")).toBe(true);
  expect(shows("list", "prompts", {})).toBe(false);
  expect(shows("workspace")).toBe(true);
  expect(shows("begin", "training", {})).toBe(false);
  expect(shows("file", "d", "state")).toBe(true);
  expect(shows("file", "d", "/data/d.csv 1 2", "rows", null, 0)).toBe(false);
  expect(shows("runLog", "r")).toBe(false);
  expect(showsStoreChange(["store", "runLog", "r"], { tables: [], runs: true, transfers: false })).toBe(true);
  const transferred = { tables: [], runs: false, transfers: true };
  expect(showsStoreChange(["store", "transfers"], transferred)).toBe(true);
  expect(shows("transfers")).toBe(false);

  expect(showsRun(["store", "run", "r"], "r")).toBe(true);
  expect(showsRun(["store", "run", "other"], "r")).toBe(false);
  expect(showsRun(["store", "compareRuns", ["a", "r"]], "r")).toBe(true);
  expect(showsRun(["store", "workspace"], "r")).toBe(false);
});
