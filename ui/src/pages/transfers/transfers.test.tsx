import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Transfer } from "../../bindings";
import { openStudio } from "../../testing/open";
import { RepositoryServer } from "../../testing/repositoryServer";

const NAME = "acme/tiny";
const SIZE = 1_000_000;

/** A model whose weights are sent to a half until the test releases the rest. */
async function heldModel(): Promise<RepositoryServer> {
  const header = '{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const server = await RepositoryServer.start("models", NAME, {
    "config.json": '{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}',
    "tokenizer.json": '{"model": {"type": "BPE", "vocab": {}, "merges": []}}'.padEnd(SIZE),
    "model.safetensors": Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)]),
  });
  server.held.set("tokenizer.json", SIZE / 2);
  return server;
}

const request = { kind: "model" as const, name: NAME, revision: null };

/** The line of the transfer, once it says how far it is. */
async function line() {
  const list = within(await screen.findByRole("list", { name: "Transfers" }));
  return within(await list.findByRole("listitem", { name: NAME }));
}

test("a transfer is followed, paused, resumed, and said to be done", async () => {
  const server = await heldModel();
  const { user } = await openStudio("/transfers", "empty", ({ core }) => core.addTransfer(request), {
    hub: server.variables,
  });
  const shown = await line();
  expect(await shown.findByText(/^500 KB of 1\.0 MB/)).toBeVisible();
  expect(shown.getByText("Running")).toBeVisible();
  const pages = within(screen.getByRole("navigation", { name: "Pages" }));
  expect(pages.getByRole("link", { name: "Transfers 1" })).toBeVisible();

  await user.click(shown.getByRole("button", { name: `Pause: ${NAME}` }));
  expect(await shown.findByText("Paused")).toBeVisible();
  server.release();
  await user.click(await shown.findByRole("button", { name: `Resume: ${NAME}` }));
  expect(await screen.findByText(`${NAME} is on this machine`)).toBeVisible();
  expect(await shown.findByText("Done")).toBeVisible();
  await user.click(shown.getByRole("button", { name: `Remove from the list: ${NAME}` }));
  expect(await screen.findByText("Nothing was fetched yet")).toBeVisible();
});

test("a transfer that failed says why, and can be tried again and cancelled", async () => {
  const server = await heldModel();
  server.held.clear();
  server.lost.add("tokenizer.json");
  const { user } = await openStudio("/transfers", "empty", ({ core }) => core.addTransfer(request), {
    hub: server.variables,
  });
  const shown = await line();
  expect(await shown.findByText(/A file of acme\/tiny is no longer on the Hub/)).toBeVisible();
  expect(shown.getByText("Failed")).toBeVisible();
  server.lost.clear();
  server.held.set("tokenizer.json", 10);
  await user.click(shown.getByRole("button", { name: `Try again: ${NAME}` }));
  expect(await shown.findByText("Running")).toBeVisible();
  await user.click(shown.getByRole("button", { name: `Cancel: ${NAME}` }));
  expect(await shown.findByText("Cancelled")).toBeVisible();
});

test("how many run at once is kept", async () => {
  const { user, host } = await openStudio("/transfers");
  const atOnce = await screen.findByRole("textbox", { name: "Transfers at the same time" });
  expect(atOnce).toHaveValue("2");
  await user.clear(atOnce);
  await user.type(atOnce, "4");
  await waitFor(async () => expect(await host.core.transferRule()).toEqual({ at_once: 4 }));
});

test("a model's panel fetches it, and then says what its files are", async () => {
  const server = await heldModel();
  const row = { id: "m1", type: "huggingface", name: "Tiny", huggingface_model_name: NAME };
  const { user } = await openStudio("/models?id=m1", { models: [row] }, undefined, { hub: server.variables });
  const weights = within(await screen.findByRole("region", { name: "Weights" }));
  await user.click(await weights.findByRole("button", { name: "Fetch to this machine" }));
  expect(await weights.findByText(/^500 KB of 1\.0 MB/)).toBeVisible();
  server.release();
  expect(await weights.findByText("LlamaForCausalLM")).toBeVisible();
  await waitFor(() =>
    expect(weights.queryByRole("button", { name: "Fetch to this machine" })).not.toBeInTheDocument(),
  );
});

test("a dataset of the Hub shows its rows once it is fetched", async () => {
  const server = await RepositoryServer.start("datasets", "acme/rows", {
    "train.csv": "question,answer\nWhat is it?,A row\n",
  });
  const row = { id: "d1", type: "huggingface", name: "Rows", huggingface_name: "acme/rows" };
  const { user } = await openStudio("/datasets?id=d1", { datasets: [row] }, undefined, {
    hub: server.variables,
  });
  await user.click(await screen.findByRole("button", { name: "Fetch to this machine" }));
  expect(await screen.findByText("What is it?")).toBeVisible();
});

test("Try it offers to fetch a model that is not here", async () => {
  const server = await heldModel();
  const row = { id: "m1", type: "huggingface", name: "Tiny", huggingface_model_name: NAME };
  const { user, host } = await openStudio("/try?model=m1", { models: [row] }, undefined, {
    hub: server.variables,
  });
  const choice = within(await screen.findByRole("region", { name: "Model and adapters" }));
  await user.click(await choice.findByRole("button", { name: "Fetch and load" }));
  expect(choice.queryByRole("button", { name: "Load" })).not.toBeInTheDocument();
  expect(await choice.findByText(/^500 KB of 1\.0 MB/)).toBeVisible();
  expect(host.calls.some(({ command }) => command === "open_trial")).toBe(false);
  server.release();
  await waitFor(() => expect(choice.queryByText("It is not on this machine yet.")).not.toBeInTheDocument());
  await waitFor(() => expect(host.calls.some(({ command }) => command === "open_trial")).toBe(true));
});

test("the page of a run shows what is fetched for it", async () => {
  const { host, router } = await openStudio("/transfers", "runs");
  const runs = await host.core.runs();
  const first = runs[0]?.run.id ?? "";
  const report = await host.core.runReport(first);
  const transfer: Transfer = {
    ...request,
    id: "t1",
    run: first,
    state: "running",
    commit: null,
    bytes: 1_200_000_000,
    total: 3_000_000_000,
    files: 1,
    of_files: 4,
    rate: 30_000_000,
    seconds_left: 88,
    code: null,
    message: null,
    hint: null,
    fetched: null,
    created_at: "2026-01-01T00:00:00Z",
    started_at: null,
    ended_at: null,
  };
  host.on("runReport", () => ({
    ...report,
    run: { ...report.run, state: "preparing" },
    transfers: [transfer],
  }));
  await router.navigate({ to: "/runs/$id", params: { id: first } });
  expect(await screen.findByText("1.2 GB of 3.0 GB, 30 MB a second, 1 min 28 s left")).toBeVisible();
  expect(screen.getByText("Fetching what it needs")).toBeVisible();
  expect(screen.getByRole("button", { name: `Pause: ${NAME}` })).toBeVisible();
});
