import { readFileSync } from "node:fs";
import { join } from "node:path";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import type { Elsewhere, Run, RunState } from "../../bindings";
import { write, writeAdapter } from "../../testing/example/files";
import { begin } from "../../testing/example/runs";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { RunFiles } from "../../testing/runs";

const ids = inject("templates").runs;

/** Opens a page on the workspace with runs, whose first queued run is active. */
async function openGoing(address: string, prepare = (run: RunFiles) => run.train(0, 88)) {
  let going: RunFiles | undefined;
  const opened = await openStudio(address, "runs", async (host) => {
    going = await begin(host.connection, ids.running);
    prepare(going);
  });
  if (!going) throw new Error("nothing goes");
  return { ...opened, run: going };
}

const stateOf = async (host: HostWindow, id: string) => (await host.core.runReport(id)).run.state;

// A log scrolls: what jsdom does not lay out is as high as it says itself to be.
beforeEach(() => {
  Element.prototype.scrollTo = function (this: Element, to?: ScrollToOptions | number) {
    if (typeof to !== "object") return;
    this.scrollTop = to.top ?? 0;
    this.dispatchEvent(new Event("scroll"));
  } as Element["scrollTo"];
  Object.defineProperty(HTMLElement.prototype, "scrollHeight", {
    configurable: true,
    get(this: HTMLElement) {
      const inside = this.firstElementChild;
      return inside instanceof HTMLElement ? Number.parseFloat(inside.style.height) || 600 : 600;
    },
  });
});

afterEach(() => void vi.useRealTimers());

test("a run is followed until its end, which is shown", async () => {
  const { run } = await openGoing(`/runs/${ids.running}`);
  expect(await screen.findByText(/Step 88 of 204/)).toBeVisible();
  expect(await screen.findByRole("img", { name: /^Loss: .* at step 88\./ })).toBeInTheDocument();
  run.train(88, 100);
  expect(await screen.findByText(/Step 100 of 204/)).toBeVisible();
  expect(
    await screen.findByRole("img", { name: /at step 100\. Loss on held-back rows/ }),
  ).toBeInTheDocument();
  run.train(100, 204);
  const adapter = join(run.folder, "output/adapter");
  writeAdapter(adapter, "google/gemma-3-1b-it");
  run.end({ status: "succeeded", adapter });
  expect(await screen.findByText("“tickets-intent-2” has succeeded")).toBeVisible();
  const main = within(screen.getByRole("main"));
  await waitFor(() => expect(main.getByText("Succeeded")).toBeVisible());
  expect(main.queryByRole("button", { name: "Stop" })).not.toBeInTheDocument();
});

test("the charts are those of what the method measures, below zero as well", async () => {
  const { user } = await openGoing(`/runs/${ids.running}`, (run) => {
    for (const step of [1, 2]) {
      const values = { loss: 0.7 / step, "rewards/margins": step - 2, "logps/chosen": -40 * step };
      const more = { "rewards/accuracies": 0.5, "rewards/chosen": step, "rewards/rejected": -step };
      run.report({ event: "metrics", step, epoch: step, values: { ...values, ...more } });
    }
  });
  expect(await screen.findByRole("img", { name: /^Loss: 0.7000 at step 1/ })).toBeInTheDocument();
  expect(screen.getByRole("switch", { name: "Logarithmic" })).toBeVisible();
  await user.click(screen.getByRole("combobox", { name: "What is drawn" }));
  const offered = (await screen.findAllByRole("option")).map((option) => option.textContent);
  expect(offered).toEqual(["Loss", "Reward margin", "Preference accuracy", "Rewards", "Log-probabilities"]);
  await user.click(screen.getByRole("option", { name: "Rewards" }));
  expect(
    await screen.findByRole("img", {
      name: "Reward of chosen answers: 1.0000 at step 1, 2.0000 at step 2. Reward of rejected answers: -1.0000 at step 1, -2.0000 at step 2.",
    }),
  ).toBeInTheDocument();
  // A logarithm has no place for them.
  expect(screen.queryByRole("switch", { name: "Logarithmic" })).not.toBeInTheDocument();
});

test("a preference training is followed by its loss, margin and accuracy at once", async () => {
  const { user } = await openGoing(`/runs/${ids.running}`, (run) => {
    const path = join(run.folder, "job.json");
    const job = JSON.parse(readFileSync(path, "utf8"));
    write(path, JSON.stringify({ ...job, method: "dpo" }));
    const values = { loss: 0.6, "rewards/margins": 0.2, "rewards/accuracies": 0.75, entropy: 1.5 };
    run.report({ event: "metrics", step: 1, epoch: 1, values });
    run.report({ event: "metrics", step: 1, epoch: 1, values: { "eval_rewards/margins": 0.1 } });
  });
  const curves = within(await screen.findByRole("region", { name: "Curves" }));
  expect(await curves.findByRole("img", { name: /^Loss: 0.6000/ })).toBeInTheDocument();
  const margins = curves.getByRole("img", {
    name: /^Reward margin: 0.2000 at step 1, .* on held-back rows: 0.1000/,
  });
  expect(margins).toBeInTheDocument();
  expect(curves.getByRole("img", { name: /^Share of pairs/ })).toBeInTheDocument();
  await user.click(curves.getByRole("combobox", { name: "What is drawn" }));
  await user.click(await screen.findByRole("option", { name: "Entropy" }));
  expect(await curves.findByRole("img", { name: /^Entropy: 1.5000/ })).toBeInTheDocument();
  expect(curves.queryByRole("img", { name: /^Loss/ })).not.toBeInTheDocument();
});

test("a run is read when it has written something, and not before", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["setInterval", "clearInterval"] });
  // Without curves, which take jsdom long to draw.
  const { host, run } = await openGoing(`/runs/${ids.running}`, (run) =>
    run.report({ event: "progress", step: 88, max_steps: 204 }),
  );
  for (const id of [ids.queued, ids.waiting]) await host.core.stopRun(id);
  await screen.findByText(/Step 88 of 204/);
  const reads = () => host.calls.filter(({ command }) => /^run/.test(command)).length;
  const later = async () => {
    for (let n = 0; n < 8; n++) {
      await act(() => vi.advanceTimersByTimeAsync(500));
      // What was asked until now is answered before this is.
      await host.core.queue();
    }
  };
  run.report({ event: "progress", step: 89, max_steps: 204 });
  await screen.findByText(/Step 89 of 204/);
  await later();
  const first = reads();
  await later();
  expect(reads()).toBe(first);
  run.end({ status: "stopped", message: "You stopped it." });
  await screen.findByText("You stopped it.");
  expect(reads()).toBeGreaterThan(first);
});

test("a run that saves where it was is stopped at once, and retried from there", async () => {
  const { host, user, run } = await openGoing(`/runs/${ids.running}`);
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  await waitFor(async () => expect(await stateOf(host, ids.running)).toBe("stopping"));
  run.end({ status: "stopped", message: "You stopped it." });
  await user.click(await screen.findByRole("button", { name: "Retry from step 50" }));
  await waitFor(async () => expect(await stateOf(host, ids.running)).toBe("queued"));
});

test("where a stop would lose steps it is asked for first", async () => {
  const { host, user } = await openGoing(`/runs/${ids.running}`, (run) => {
    run.train(0, 88);
    const job = join(run.folder, "job.json");
    write(job, JSON.stringify({ ...JSON.parse(readFileSync(job, "utf8")), framework: "script" }));
  });
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Stop “tickets-intent-2”?" }));
  expect(
    dialog.getByText(/last checkpoint is of step 50\. The steps after it, up to step 88, are lost/),
  ).toBeVisible();
  expect(await stateOf(host, ids.running)).toBe("running");
  await user.click(dialog.getByRole("button", { name: "Stop" }));
  await waitFor(async () => expect(await stateOf(host, ids.running)).toBe("stopping"));
});

test("a log follows until someone scrolls up, and follows again", async () => {
  const { host, run } = await openGoing(`/runs/${ids.running}`);
  const log = await screen.findByRole("log", { name: "Log" });
  const say = (from: number, to: number) => {
    for (let n = from; n < to; n++) run.print(`line ${n}\n`);
  };
  say(0, 2000);
  expect(await within(log).findByText("line 1999")).toBeInTheDocument();
  expect(within(log).queryByText("line 0")).not.toBeInTheDocument();

  fireEvent.wheel(log);
  log.scrollTop = 900;
  fireEvent.scroll(log);
  expect(await screen.findByRole("button", { name: "Follow" })).toBeVisible();
  const reads = () => host.calls.filter(({ command }) => command === "run_log").length;
  const before = reads();
  say(2000, 2100);
  await waitFor(() => expect(reads()).toBeGreaterThan(before));
  expect(within(log).queryByText("line 2099")).not.toBeInTheDocument();
  expect(log.scrollTop).toBe(900);

  fireEvent.click(screen.getByRole("button", { name: "Follow" }));
  expect(await within(log).findByText("line 2099")).toBeInTheDocument();
});

test("a log is searched: matches are counted, and walked with the keyboard", async () => {
  const { user } = await openStudio(`/runs/${ids.failed}`, "runs", (host) =>
    new RunFiles(host, ids.failed).print(`Warning: one\n${"between\n".repeat(300)}WARNING: two\n`),
  );
  const search = await screen.findByRole("searchbox", { name: "Search the log" });
  await user.type(search, "warning");
  expect(await screen.findByText("2 of 2")).toBeVisible();
  const log = within(screen.getByRole("log"));
  expect(await log.findByText(": two")).toBeInTheDocument();
  await user.keyboard("{Enter}");
  expect(screen.getByText("1 of 2")).toBeVisible();
  expect(await log.findByText(": one")).toBeInTheDocument();
  await user.keyboard("{Shift>}{Enter}{/Shift}");
  expect(screen.getByText("2 of 2")).toBeVisible();
  await user.type(search, " of which there is none");
  expect(screen.getByText("No match")).toBeVisible();
});

test("earlier lines of a long log are read when they are asked for", async () => {
  const { user } = await openStudio(`/runs/${ids.failed}`, "runs", (host) => {
    // A little more than is read at once.
    const line = `${"y".repeat(79)}\n`;
    const { folder } = new RunFiles(host, ids.failed);
    write(join(folder, "log.txt"), `the very first line\n${line.repeat(15_000)}`);
  });
  await screen.findByRole("log");
  const earlier = await screen.findByRole("button", { name: "Load earlier" });
  await user.click(earlier);
  await waitFor(() => expect(screen.queryByRole("button", { name: "Load earlier" })).not.toBeInTheDocument());
  await user.type(screen.getByRole("searchbox", { name: "Search the log" }), "the very first");
  expect(await screen.findByText("1 of 1")).toBeVisible();
});

test("what waits is put in another order by buttons and keys, and taken out", async () => {
  const { host, user } = await openGoing("/fine_tuning_jobs");
  const queue = within(await screen.findByRole("list", { name: "Runs that go or wait" }));
  const order = () => queue.getAllByRole("listitem").map((line) => line.getAttribute("aria-label"));
  expect(order()).toEqual(["tickets-intent-2", "tickets-rank-32", "tickets-long"]);
  await user.click(queue.getByRole("button", { name: "Move tickets-rank-32 down" }));
  await waitFor(() => expect(order()).toEqual(["tickets-intent-2", "tickets-long", "tickets-rank-32"]));
  expect(queue.getByRole("button", { name: "Move tickets-rank-32 down" })).toHaveFocus();
  await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
  await waitFor(() => expect(order()).toEqual(["tickets-intent-2", "tickets-rank-32", "tickets-long"]));
  // At an end there is nowhere to go.
  await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
  expect(host.calls.filter(({ command }) => command === "move_run")).toHaveLength(2);
  await user.click(queue.getByRole("button", { name: "Take tickets-long out of the queue" }));
  await waitFor(() => expect(order()).toEqual(["tickets-intent-2", "tickets-rank-32"]));
});

test("the queue is paused on its page and resumed from the palette", async () => {
  const { host, user } = await openGoing("/fine_tuning_jobs");
  await user.click(await screen.findByRole("button", { name: "Pause queue" }));
  expect(await screen.findByText(/Paused: waiting runs are not started/)).toBeVisible();
  expect(await host.core.queue()).toEqual({ paused: true, at_once: 1 });
  await user.keyboard("{Control>}k{/Control}");
  await user.click(await screen.findByText("Resume queue", { selector: "[data-action] *" }));
  await waitFor(async () => expect((await host.core.queue()).paused).toBe(false));
});

test("runs are compared from the list: curves, results, and only the settings that differ", async () => {
  const { user } = await openStudio("/fine_tuning_jobs", "runs");
  const grid = within(await screen.findByRole("grid", { name: "Training" }));
  await user.click(await grid.findByRole("checkbox", { name: "Select tickets-intent" }));
  expect(await screen.findByRole("button", { name: "Compare" })).toHaveAttribute("aria-disabled", "true");
  await user.click(grid.getByRole("checkbox", { name: "Select tickets-hot" }));
  await user.click(screen.getByRole("button", { name: "Compare" }));
  const settings = within(await screen.findByRole("region", { name: "Settings that differ" }));
  const names = settings.getAllByRole("rowheader").map((name) => name.textContent);
  expect(names).toEqual(["Learning rate Training arguments", "Rank LoRA", "Alpha LoRA", "Adapter name What"]);
  expect(settings.getByText("0.02")).toBeVisible();
  expect(
    await screen.findByRole("img", {
      name: /tickets-hot: .*tickets-intent: |tickets-intent: .*tickets-hot: /,
    }),
  ).toBeInTheDocument();
  const results = within(screen.getByRole("region", { name: "Results" }));
  expect(results.getByText("Failed")).toBeVisible();
});

test("runs are found by name in the palette, and Home shows them", async () => {
  const { user } = await openGoing("/");
  const runs = within(await screen.findByRole("region", { name: "Runs" }));
  expect(runs.getByRole("link", { name: /tickets-intent-2.*Running/ })).toBeVisible();
  await user.keyboard("{Control>}k{/Control}");
  await user.keyboard("tickets-hot");
  await user.click(await screen.findByText("training, failed"));
  expect(await screen.findByRole("heading", { level: 1, name: "tickets-hot" })).toBeVisible();
});

test("what a run was frozen with is read as settings and as it stands", async () => {
  const { user } = await openStudio(`/runs/${ids.done}`, "runs");
  await user.click(await screen.findByRole("tab", { name: "Settings" }));
  const settings = within(screen.getByRole("region", { name: "Settings of this run" }));
  expect(settings.getByText("Rank").nextElementSibling).toHaveTextContent("16");
  await user.click(screen.getByRole("tab", { name: "Specification" }));
  expect(screen.getByText(/"lora_alpha": 32/)).toBeVisible();
  expect(screen.getByRole("link", { name: "Evaluate this adapter" })).toHaveAttribute(
    "href",
    expect.stringContaining("/evaluation/start?adapter="),
  );
});

/** The run that goes, as if it worked on a target. */
async function openElsewhere(there: Partial<Elsewhere>, state: RunState, address = `/runs/${ids.running}`) {
  const opened = await openStudio(address, "runs");
  const { host, router } = opened;
  const elsewhere = { ...there, target: "t", name: "gpu-box", host: "gpu-box", attempt: 1 } as Elsewhere;
  const moved = (run: Run) => ({ ...run, state, target: "t" });
  const [runs, report] = [await host.core.runs(), await host.core.runReport(ids.running)];
  host.on("runs", () =>
    runs.map((one) => (one.run.id === ids.running ? { ...one, run: moved(one.run), elsewhere } : one)),
  );
  host.on("runReport", () => ({ ...report, run: moved(report.run), elsewhere }));
  host.emit("store-changed", { tables: [], runs: true, transfers: false });
  await router.invalidate();
  return opened;
}

test("a run elsewhere says how it waits, and where", async () => {
  await openElsewhere({ phase: "waiting", reason: "Resources", place: 3 }, "waiting");
  expect(await screen.findByText("Training on gpu-box")).toBeVisible();
  expect(screen.getByText("Resources, place 3")).toBeVisible();
  expect(screen.getByText("Pending")).toBeVisible();
});

test("a silent target is said beside the state, and that a stop is kept", async () => {
  const since = new Date(Date.now() - 60_000).toISOString();
  const there = { phase: "running" as const, unreachable_since: since, unreachable_why: "It went away." };
  await openElsewhere(there, "stopping");
  expect(await screen.findByText(/^gpu-box: not reached since /)).toBeVisible();
  expect(screen.getByText(/It went away\..* The request to stop is kept until then\./)).toBeVisible();
});

test("the queue names the target of a run, and what is on its way", async () => {
  await openElsewhere({ phase: "sending", sent: 40e6, to_send: 300e6 }, "preparing", "/fine_tuning_jobs");
  const queue = within(await screen.findByRole("region", { name: "Queue" }));
  expect(await queue.findByText("Sending: 40 MB of 300 MB")).toBeVisible();
  expect(queue.getByText(/on gpu-box/)).toBeVisible();
});

test("results that are left there are fetched again by a retry", async () => {
  const { host, user } = await openElsewhere({ phase: "fetching", left_there: "runs/1" }, "stopped");
  host.on("retryRun", () => ({}) as Run);
  await user.click(await screen.findByRole("button", { name: "Retry the fetch" }));
  await waitFor(() => expect(host.calls.some(({ command }) => command === "retry_run")).toBe(true));
});
