// The pictures of the guide: where each is taken, and what a person does before. Played in the page.
import { configure, screen, within } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import type { RunState, TrainingMemory } from "../../bindings";
import { gemma, qwen } from "../example/rows";
import type { HostWindow } from "../host/window";
import { log, merged, merging, models, opened, serving, transfers } from "./answers";

export type Scene = {
  /** The name of the picture. */
  name: string;
  /** The workspace is empty. */
  empty?: boolean;
  address: string;
  /** Light unless said. */
  theme?: "light" | "dark";
  /** In pixels of the page. */
  width?: number;
  /** Before the page is shown. */
  prepare?: (host: HostWindow) => unknown;
  play?: (user: UserEvent, host: HostWindow) => Promise<unknown>;
};

// The machine may be busy.
configure({ asyncUtilTimeout: 20_000 });

const button = (name: string | RegExp) => screen.findByRole("button", { name });
const dialog = async () => within(await screen.findByRole("dialog"));

/** Opens a row of a list in the panel. */
async function openRow(user: UserEvent, name: string) {
  const grid = within(await screen.findByRole("grid"));
  await user.click(await grid.findByText(name));
  return within(await screen.findByRole("complementary", { name }));
}

async function select(user: UserEvent, ...names: string[]) {
  for (const name of names) await user.click(await screen.findByRole("checkbox", { name: `Select ${name}` }));
}

async function choose(user: UserEvent, field: string | RegExp, option: RegExp) {
  await user.click(await screen.findByRole("combobox", { name: field }));
  await user.click(await screen.findByRole("option", { name: option }));
}

/** Fills in the start page for conversations. */
async function trainOnChats(user: UserEvent) {
  await choose(user, /^Base model/, /^Qwen local/);
  await choose(user, /^Dataset/, /^Chats with/);
  await screen.findByRole("combobox", { name: "Chat template" });
}

/** The page that exports an adapter. */
async function exportAdapter(user: UserEvent) {
  const panel = await openRow(user, "tickets-intent");
  await user.click(panel.getByRole("button", { name: /^More/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Export…" }));
  await user.click(await screen.findByRole("textbox", { name: "Folder to write" }));
  await user.paste("/home/ada/models/tickets-intent-merged");
}

/** Answers for the page of a run with an export in this state. */
async function exporting(host: HostWindow, state: RunState) {
  const [any] = await host.core.runs();
  const report = await host.core.runReport(any?.run.id ?? "");
  host.on("runReport", () => merging(report, state));
  const text = log.join("\n");
  host.on("runLog", () => ({ text, start: 0, end: text.length, size: text.length }));
  const done = state === "succeeded";
  host.on("exportReport", ({ run }) => ({
    run: String(run),
    source: { table: "adapters", id: "a1" },
    output: done ? (merged.output ?? null) : null,
    made: null,
    report: done ? merged : null,
  }));
}

/** What comes in and goes out, in both themes. */
const inAndOut: Scene[] = [
  { name: "export", address: "/adapters", play: exportAdapter },
  { name: "exported", address: "/runs/export", prepare: (host) => exporting(host, "succeeded") },
  {
    name: "hub",
    address: "/hub?q=instruct&open=model%20HuggingFaceTB/SmolLM2-1.7B-Instruct",
    prepare: (host) => {
      host.on("searchHub", () => models);
      host.on("hubInfo", () => opened);
      host.on("trainingMemory", () => models.memory as TrainingMemory);
    },
  },
  { name: "transfers", address: "/transfers", prepare: (host) => host.on("transfers", () => transfers) },
  { name: "serve", address: "/serve", prepare: (host) => host.on("serving", () => serving) },
];

const light: Scene[] = [
  {
    name: "home",
    empty: true,
    address: "/",
    prepare: (host) => host.on("workspace", async () => ({ ...(await host.core.workspace()), recent: [] })),
  },
  {
    name: "selection",
    address: "/datasets",
    play: async (user) => {
      await select(user, "Reviews of May", "Chats with customers");
      await user.click(await button("Export…"));
      await dialog();
    },
  },
  {
    name: "datasets",
    address: "/datasets",
    play: async (user) => {
      const panel = await openRow(user, "Chats with customers");
      const [third] = await panel.findAllByText(/^Can I still change the address/);
      if (third) await user.click(third);
    },
  },
  {
    name: "doctor",
    address: "/datasets",
    play: async (user) => {
      const panel = await openRow(user, "Chats with customers");
      await user.click(await panel.findByRole("tab", { name: "Problems" }));
      await user.click(await panel.findByRole("button", { name: "Enlarge" }));
      await (await dialog()).findByText(/can't be trained on/);
    },
  },
  {
    name: "models",
    address: "/models",
    play: (user) => openRow(user, "Qwen local"),
  },
  {
    name: "prompts",
    address: "/prompts",
    play: async (user) => {
      const panel = await openRow(user, "Classify a ticket");
      await user.click(await panel.findByRole("button", { name: "Edit" }));
      await (await dialog()).findByRole("region", { name: "Preview" });
    },
  },
  {
    name: "configs",
    address: "/configs",
    play: async (user) => {
      const panel = await openRow(user, "All linear layers");
      await user.click(await panel.findByRole("button", { name: "Edit" }));
      await dialog();
    },
  },
  { name: "lineage", address: `/lineage/models/${gemma}` },
  { name: "train", address: "/training/start", play: trainOnChats },
  {
    name: "preview",
    address: "/training/start",
    play: async (user) => {
      await trainOnChats(user);
      await user.click(await button("Preview…"));
      const shown = await dialog();
      const prompt = await shown.findByRole("textbox", { name: "System prompt" });
      await user.type(prompt, "You answer the customers of a shop. Be kind, and never promise a refund.");
      await shown.findByText(/^You answer the customers/, { selector: "div" });
    },
  },
  {
    name: "run",
    address: "/fine_tuning_jobs",
    play: async (user) => {
      const panel = await openRow(user, "tickets-intent-2");
      await user.click(await panel.findByRole("link", { name: /Open the run/ }));
      await screen.findByRole("region", { name: "At a glance" });
    },
  },
  {
    name: "compare",
    address: "/fine_tuning_jobs",
    play: async (user) => {
      await select(user, "tickets-intent", "tickets-hot");
      await user.click(await button("Compare"));
      await screen.findByRole("region", { name: "Settings that differ" });
    },
  },
  {
    name: "evaluation",
    address: "/evaluation_jobs",
    play: async (user) => {
      const grid = within(await screen.findByRole("grid"));
      await user.click((await grid.findAllByText(/^tickets-intent/))[0] as HTMLElement);
      await user.click(await screen.findByRole("link", { name: /Open the run/ }));
      await screen.findByRole("grid");
    },
  },
  {
    name: "import",
    address: "/database",
    prepare: (host) => host.nextPick(`${host.folder}/../ada/studio.json`),
    play: async (user) => {
      await within(await screen.findByRole("region", { name: "About this file" })).findByText("Size");
      await user.click(await button("Import a file"));
      const shown = await dialog();
      await shown.findByRole("table", { name: "What the import would do" });
      const [conflicts] = shown.getAllByRole("button", { name: /^Show .* in conflict/ });
      if (conflicts) await user.click(conflicts);
    },
  },
  {
    name: "deleted",
    address: "/deleted",
    prepare: async ({ core }) => {
      await core.delete("configs", ["cf02"], "detach");
      await core.delete("models", [qwen], "delete");
    },
    play: async (user) => user.click(await screen.findByRole("button", { expanded: false, name: /1 model/ })),
  },
];

export const scenes: Scene[] = [
  ...light,
  ...inAndOut,
  ...inAndOut.map((scene) => ({ ...scene, name: `${scene.name}-dark`, theme: "dark" as const })),
];

const sceneOf = (name: string) => scenes.find((one) => one.name === name);

/** Does what a scene needs before the page is shown. */
export const prepare = (name: string, host: HostWindow) =>
  marking(async () => {
    await sceneOf(name)?.prepare?.(host);
  });

/** Plays a scene, and marks the page when it is over. */
export const play = (name: string, host: HostWindow) =>
  marking(async () => {
    const user = userEvent.setup({ delay: null });
    await sceneOf(name)?.play?.(user, host);
    await user.hover(document.body);
    // Without a caret or the frame of the focus.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    document.documentElement.dataset.played = "yes";
  });

/** Marks the page with what fails. */
async function marking(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    const { message } = error as { message: string };
    document.documentElement.dataset.played = message.slice(0, 300);
  }
}
