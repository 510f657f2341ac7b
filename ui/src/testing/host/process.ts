// Starts the program that serves the window's commands. It is built first if `UI_HOST` names none.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

export type Host = {
  /** The address of its WebSocket. */
  address: string;
  stop: () => Promise<void>;
};

/** Starts it with its own home folder, so that tests do not depend on the user's files. */
export async function startHost(home: string): Promise<Host> {
  const folders = { XDG_DATA_HOME: "data", XDG_CONFIG_HOME: "config", XDG_CACHE_HOME: "cache" };
  for (const folder of Object.values(folders)) mkdirSync(join(home, folder), { recursive: true });
  const program = spawn(process.env.UI_HOST ?? built(), [], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      RUST_LOG: process.env.RUST_LOG,
      HOME: home,
      LANG: "C.UTF-8",
      ...Object.fromEntries(Object.entries(folders).map(([name, folder]) => [name, join(home, folder)])),
      // So that no keyring is found.
      DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere",
      // A stopped worker ends when the test ends it, not by the time limit.
      FINE_TUNING_STUDIO_STOP_SECONDS: "600",
    },
  });
  for await (const line of createInterface(program.stdout)) {
    const { port, token } = JSON.parse(line) as { port: number; token: string };
    const ended = new Promise<void>((done) => program.once("exit", () => done()));
    const stop = () => {
      // The program ends when its standard input is closed.
      program.stdin.end();
      return ended;
    };
    return { address: `ws://127.0.0.1:${port}/?token=${token}`, stop };
  }
  throw new Error(`The host ended before it could be reached, with ${program.exitCode}.`);
}

/** Builds the program if it is not current, and returns its path. */
function built(): string {
  const output = execFileSync(
    "cargo",
    // With the features of the whole workspace, so that dependencies are built once.
    ["build", "--workspace", "--bin", "ui-host", "--message-format", "json-render-diagnostics"],
    { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 28 },
  );
  const artifacts = output.split("\n").filter((line) => line.includes('"executable":"'));
  const artifact = artifacts.map((line) => JSON.parse(line)).find(({ target }) => target.name === "ui-host");
  if (!artifact) throw new Error("cargo did not build the host.");
  return artifact.executable;
}
