import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { hubSearchServer } from "../../testing/hubSearchServer";
import { openStudio } from "../../testing/open";
import { hubAddress, searchOf } from "./search";

const offline = { offline: true, endpoint: null, python: null };

/** A repository of the cache with one file of its own size. */
function cached(folder: string, repository: string, bytes: number, more: Record<string, string> = {}) {
  const snapshot = join(folder, "huggingface/hub", repository, "snapshots/0123abc");
  mkdirSync(snapshot, { recursive: true });
  for (const [name, text] of Object.entries({ "README.md": "x".repeat(bytes), ...more })) {
    writeFileSync(join(snapshot, name), text);
  }
}

const names = (list: HTMLElement) =>
  [...list.querySelectorAll("[data-result]")].map((button) => button.textContent);

test("nothing is asked of the Hub before a search is submitted, and what fits this machine comes first", async () => {
  const server = await hubSearchServer();
  const { user } = await openStudio("/hub", "empty", undefined, { hub: server.hub });
  expect(await screen.findByText("Search the Hub for models")).toBeVisible();
  const field = screen.getByRole("textbox", { name: "Search models on the Hub" });
  await user.type(field, "acme");
  expect(server.searches()).toEqual([]);
  await user.keyboard("{Enter}");
  const list = await screen.findByRole("list", { name: "Found models" });
  expect(names(list)).toEqual(["acme/tiny", "acme/tiny-gguf", "acme/gated-huge", "acme/huge"]);
  expect(within(list).getByText("Access on request")).toBeVisible();
  expect(within(list).getAllByText("Too large")).toHaveLength(2);
  expect(server.searches()).toHaveLength(1);

  await user.click(screen.getByRole("combobox", { name: "Format" }));
  await user.click(await screen.findByRole("option", { name: "GGUF" }));
  await waitFor(() =>
    expect(names(screen.getByRole("list", { name: "Found models" }))).toEqual(["acme/tiny-gguf"]),
  );
  expect(server.searches()[1]).toContain("filter=gguf");
});

test("a result is opened, added to the studio and fetched", async () => {
  const server = await hubSearchServer();
  const { user, host, router } = await openStudio("/hub?q=acme", "empty", undefined, { hub: server.hub });
  await user.click(await screen.findByRole("button", { name: "acme/tiny" }));
  const result = async () => within(await screen.findByRole("complementary", { name: "acme/tiny" }));
  expect((await result()).getByText(/^Fits: about/)).toBeVisible();
  await user.click((await result()).getByRole("button", { name: "Add to the studio" }));
  const form = within(await screen.findByRole("dialog", { name: "New model" }));
  expect(form.getByRole("textbox", { name: /Hub name/ })).toHaveValue("acme/tiny");
  await user.click(form.getByRole("button", { name: "Add model" }));
  expect(await screen.findByRole("heading", { name: "Models" })).toBeVisible();
  expect(await host.count("models")).toBe(1);

  router.history.back();
  expect(await screen.findByRole("link", { name: "Open model" })).toBeVisible();
  await user.click((await result()).getByRole("button", { name: "Fetch" }));
  expect(await (await result()).findByText("On this machine")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Fetch" })).not.toBeInTheDocument();
  expect((await host.core.hubCache()).repositories.map(({ name }) => name)).toEqual(["acme/tiny"]);
  // None of it searches again.
  expect(server.searches()).toHaveLength(1);
});

test("what can be neither trained nor fetched without more says so", async () => {
  const server = await hubSearchServer();
  const { user } = await openStudio("/hub?q=acme", "empty", undefined, { hub: server.hub });
  await user.click(await screen.findByRole("button", { name: "acme/tiny-gguf" }));
  let panel = within(await screen.findByRole("complementary", { name: "acme/tiny-gguf" }));
  expect(panel.getByText(/GGUF, for llama.cpp. They can't be trained/)).toBeVisible();
  expect(panel.getByRole("button", { name: "Add to the studio" })).toBeDisabled();
  await user.click(screen.getByRole("button", { name: "acme/gated-huge" }));
  panel = within(await screen.findByRole("complementary", { name: "acme/gated-huge" }));
  expect(panel.getByText(/Access to its files must be requested on its page/)).toBeVisible();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("complementary")).not.toBeInTheDocument();
});

test("long lists come in pages, and arrows move among the results", async () => {
  const server = await hubSearchServer();
  const { user } = await openStudio("/hub?q=other", "empty", undefined, { hub: server.hub });
  const list = await screen.findByRole("list", { name: "Found models" });
  expect(names(list)).toHaveLength(50);
  await user.click(screen.getByRole("button", { name: "Show more" }));
  await waitFor(() => expect(names(list)).toHaveLength(60));
  expect(new Set(names(list)).size).toBe(60);
  expect(screen.queryByRole("button", { name: "Show more" })).not.toBeInTheDocument();
  screen.getByRole("button", { name: "other/many-0" }).focus();
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
  expect(screen.getByRole("button", { name: "other/many-1" })).toHaveFocus();
});

test("datasets say their rows and size", async () => {
  const server = await hubSearchServer();
  const { user } = await openStudio("/hub", "empty", undefined, { hub: server.hub });
  await user.click(await screen.findByRole("radio", { name: "Datasets" }));
  await user.click(await screen.findByRole("button", { name: "List all datasets" }));
  const list = within(await screen.findByRole("list", { name: "Found datasets" }));
  expect(list.getByText("1K–10K")).toBeVisible();
  expect(list.getByText("16 MB")).toBeVisible();
  expect(screen.queryByRole("combobox", { name: "Largest number of parameters" })).not.toBeInTheDocument();
});

test("where the Hub does not answer, the results are those of this machine until it does", async () => {
  const server = await hubSearchServer();
  server.faults.push(429);
  const { user } = await openStudio(
    "/hub?q=acme",
    "empty",
    ({ folder }) => cached(folder, "models--acme--kept", 2_000),
    {
      hub: server.hub,
    },
  );
  expect(
    await screen.findByText(/The Hub received too many requests. These are the repositories/),
  ).toBeVisible();
  expect(names(screen.getByRole("list", { name: "Found models" }))).toEqual(["acme/kept"]);
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("button", { name: "acme/tiny" })).toBeVisible();
  expect(screen.queryByText(/too many requests/)).not.toBeInTheDocument();
});

test("offline, the page searches this machine and leads to the settings", async () => {
  const server = await hubSearchServer();
  await openStudio("/hub?q=", "empty", ({ core }) => core.setHubSettings(offline), { hub: server.hub });
  expect(await screen.findByText(/set to work offline/)).toBeVisible();
  expect(screen.getByText("No models found")).toBeVisible();
  expect(screen.getByRole("link", { name: "Open settings" })).toHaveAttribute("href", "/settings");
  expect(server.searches()).toEqual([]);
});

test("what is on this machine is listed with its size and users, and removed", async () => {
  const config = '{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}';
  const { user, host } = await openStudio("/hub?view=machine", "empty", async ({ folder, core }) => {
    cached(folder, "models--acme--partial", 1_000, { "config.json": config });
    cached(folder, "datasets--acme--rows", 5_000_000);
    await core.create("models", { type: "huggingface", huggingface_model_name: "acme/partial" });
  });
  const list = within(await screen.findByRole("list", { name: "Repositories on this machine" }));
  expect(list.getByText("Incomplete")).toBeVisible();
  expect(list.getByText(/Its download is not finished/)).toBeVisible();
  expect(list.getByText("5.0 MB")).toBeVisible();
  expect(list.getByRole("link", { name: "In the studio" })).toBeVisible();
  expect(screen.getByText(/^2 repositories, 5.0 MB$/)).toBeVisible();

  await user.click(list.getByRole("button", { name: "Remove acme/partial" }));
  const dialog = within(
    await screen.findByRole("dialog", { name: "Remove acme/partial from this machine?" }),
  );
  expect(
    within(await dialog.findByRole("list", { name: "Rows that use it" })).getByText(
      /acme\/partial \(model\)/,
    ),
  ).toBeVisible();
  await user.click(dialog.getByRole("button", { name: /^Remove/ }));
  await waitFor(() => expect(list.queryByText("acme/partial")).not.toBeInTheDocument());
  expect((await host.core.hubCache()).repositories).toHaveLength(1);
  expect(await host.count("models")).toBe(1);
});

test("a run that has not ended keeps what it uses", async () => {
  const { user } = await openStudio("/hub?view=machine", "empty", (host) => {
    cached(host.folder, "models--acme--tiny", 1_000);
    host.on("hubCacheUses", () => ({
      repository: {
        kind: "model",
        name: "acme/tiny",
        revision: "0123abc",
        folder: "",
        bytes: 1_000,
        last_used: null,
        state: "complete",
        problem: null,
      },
      rows: [],
      runs: [{ id: "1", name: "tickets-1" }],
      transfers: [],
      is_loaded: false,
    }));
  });
  await user.click(await screen.findByRole("button", { name: "Remove acme/tiny" }));
  expect(await screen.findByText("The run tickets-1 uses it and has not ended.")).toBeVisible();
  expect(screen.getByRole("button", { name: /^Remove 1/ })).toBeDisabled();
});

test("an address is read as a search, whatever it says", () => {
  expect(searchOf(hubAddress({}))).toBeNull();
  expect(searchOf(hubAddress({ q: "", view: "machine" }))).toBeNull();
  const odd = hubAddress({ q: 7, kind: "space", format: "zip", size: "many", sort: "worst" });
  expect(searchOf(odd)).toEqual({
    kind: "model",
    text: "7",
    task: null,
    license: null,
    format: null,
    parameters_max: null,
    sort: "downloads",
  });
  const dataset = hubAddress({ q: "a", kind: "dataset", format: "gguf", size: 1e9 });
  expect(searchOf(dataset)).toMatchObject({ kind: "dataset", format: null, parameters_max: null });
});
