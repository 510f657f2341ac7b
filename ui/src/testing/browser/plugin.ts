// The plugin of the development server for host.html: it starts the host with the first request, and writes
// events of the example's running run as time passes.
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plugin } from "vite";
import { type Host, startHost } from "../host/process";
import { fillPictures } from "../pictures/workspace";
import { moveRuns, RunFiles, STEPS } from "../runs";
import { makeTemplates, makeWorkspace, type Templates } from "../templates";

/** How long a step of a training takes, in milliseconds. */
const STEP = 1400;

type Started = { host: Host; root: string; templates: Templates; pictures?: Promise<Start> };

/** The folder that a session starts from, and its run that goes on. */
type Start = { folder?: string; running?: string };

export function hostPages(): Plugin {
  let started: Promise<Started> | undefined;
  return {
    name: "host-pages",
    configureServer(server) {
      server.middlewares.use("/__session", async (request, response, next) => {
        try {
          started ??= start();
          const { host, root } = await started;
          const wanted = new URL(request.url ?? "", "http://localhost").searchParams.get("start");
          const template = await templateOf(await started, wanted);
          const folder = mkdtempSync(join(root, "session-"));
          if (template.folder) copyTemplate(template.folder, folder);
          if (template.running) goOn(new RunFiles({ folder }, template.running));
          const open = { folder, hub: { HF_HUB_OFFLINE: "1" } };
          response.setHeader("Content-Type", "application/json");
          response.end(JSON.stringify({ address: host.address, open }));
        } catch (error) {
          next(error);
        }
      });
      server.httpServer?.once("close", async () => {
        const all = await started;
        await all?.host.stop();
        if (all) rmSync(all.root, { recursive: true, force: true });
      });
    },
  };
}

async function start(): Promise<Started> {
  const root = mkdtempSync(join(tmpdir(), "studio-ui-"));
  const host = await startHost(join(root, "home"));
  return { host, root, templates: await makeTemplates(host.address, root) };
}

async function templateOf(all: Started, wanted: string | null): Promise<Start> {
  if (wanted === "pictures") {
    // Only who wants it waits for it.
    all.pictures ??= makePictures(all);
    return all.pictures;
  }
  const folder = all.templates.folders[wanted as keyof Templates["folders"]];
  return { folder, running: wanted === "runs" ? all.templates.runs.running : undefined };
}

async function makePictures({ host, root }: Started): Promise<Start> {
  const made = await makeWorkspace(host.address, join(root, "pictures"), (connection) =>
    fillPictures(connection, join(root, "ada")),
  );
  return { folder: made.folder, running: made.filled.running };
}

function copyTemplate(template: string, folder: string): void {
  // The host creates the link to its worker again.
  cpSync(template, folder, { recursive: true, filter: (path) => path !== join(template, "worker") });
  if (existsSync(join(folder, "runs"))) moveRuns(template, folder);
}

/** Writes the events of one step after another once the worker has started. */
function goOn(run: RunFiles): void {
  let step = 0;
  const timer = setInterval(() => {
    if (!existsSync(run.folder)) clearInterval(timer);
    if (!existsSync(join(run.folder, "events.jsonl"))) return;
    const next = step === 0 ? 88 : step + 1;
    run.train(step, next);
    step = next;
    if (step < STEPS) return;
    clearInterval(timer);
    run.end({ status: "stopped", message: "The example ends here." });
  }, STEP);
}
