// Once for all tests: the host, and the workspaces that they start from.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startHost } from "./host/process";
import { makeTemplates, type Templates } from "./templates";

declare module "vitest" {
  export interface ProvidedContext {
    /** The address of the host. */
    host: string;
    /** The folder with the files of the example: data, models, adapters. */
    ada: string;
    /** Folders to start a session from. */
    templates: Templates;
  }
}

export default async function setup(project: TestProject) {
  const root = mkdtempSync(join(tmpdir(), "studio-ui-"));
  const host = await startHost(join(root, "home"));
  const end = async () => {
    await host.stop();
    rmSync(root, { recursive: true, force: true });
  };
  project.provide("host", host.address);
  project.provide("ada", join(root, "ada"));
  try {
    project.provide("templates", await makeTemplates(host.address, root));
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}
