// A browser on a display of its own, driven by the protocol that all browsers speak (W3C WebDriver). It is
// WebKitGTK's, whose engine draws the window.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** Device pixels for each pixel of the page, so that text is sharp on any screen. */
const SCALE = 2;

const MINI_BROWSER = [
  "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
  "/usr/lib/webkit2gtk-4.1/MiniBrowser",
  "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
];

export class Browser {
  private constructor(
    private readonly session: string,
    private readonly programs: ChildProcess[],
  ) {}

  static async open(): Promise<Browser> {
    const binary = MINI_BROWSER.find((path) => existsSync(path));
    if (!binary) throw new Error("WebKitGTK's browser is missing. `cargo xtask test` installs it.");
    const server = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "4000x2600x24", "-nolisten", "tcp"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const display = `:${await firstLine(server.stdout)}`;
    const port = String(20_000 + (process.pid % 20_000));
    const driver = spawn("WebKitWebDriver", [`--port=${port}`], {
      env: { ...process.env, DISPLAY: display, GDK_BACKEND: "x11", GDK_SCALE: String(SCALE) },
      stdio: "ignore",
    });
    const options = { binary, args: ["--automation"] };
    const body = { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } };
    const address = `http://127.0.0.1:${port}/session`;
    await reachable(`http://127.0.0.1:${port}/status`);
    const { sessionId } = await send<{ sessionId: string }>("POST", address, body);
    return new Browser(`${address}/${sessionId}`, [driver, server]);
  }

  async go(url: string): Promise<void> {
    await send("POST", `${this.session}/url`, { url });
  }

  /** What a script returns that runs in the page. */
  run<T>(script: string): Promise<T> {
    return send("POST", `${this.session}/execute/sync`, { script, args: [] });
  }

  /** Gives the page this size, in its own pixels. The window has bars around the page. */
  async resize(width: number, height: number): Promise<void> {
    let [wide, high] = [width, height];
    for (let tries = 0; tries < 10; tries++) {
      await send("POST", `${this.session}/window/rect`, { x: 0, y: 0, width: wide, height: high });
      await new Promise((done) => setTimeout(done, 200));
      const [w = 0, h = 0] = await this.run<number[]>("return [innerWidth, innerHeight]");
      if (w === width && h === height) return;
      wide += width - w;
      high += height - h;
    }
    throw new Error(`The page can't be made ${width} wide and ${height} high.`);
  }

  /** What the page shows, as PNG. */
  async picture(): Promise<Buffer> {
    return Buffer.from(await send<string>("GET", `${this.session}/screenshot`), "base64");
  }

  async close(): Promise<void> {
    await send("DELETE", this.session).catch(() => {});
    for (const program of this.programs) program.kill();
  }
}

async function send<T>(method: string, address: string, body?: object): Promise<T> {
  const answer = await fetch(address, { method, body: body && JSON.stringify(body) });
  const { value } = (await answer.json()) as { value: T & { message: string } };
  if (!answer.ok) throw new Error(value.message);
  return value;
}

async function reachable(address: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(address).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`Nothing answers at ${address}.`);
}

async function firstLine(output: Readable): Promise<string> {
  for await (const line of createInterface(output)) return line;
  throw new Error("Xvfb gave no display. `cargo xtask test` installs it.");
}
