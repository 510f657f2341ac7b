// Takes the pictures of the guide anew: `npm run pictures`, or `npm run pictures -- -t train` for one.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, test } from "vitest";
import { Browser } from "./browser";
import { scenes } from "./scenes";

const FOLDER = new URL("../../../pictures/", import.meta.url).pathname;

/** Shows the paths of temporary folders as those of a person. */
const HOME = `
  const homely = (text) => text
    .replace(/\\/[^ ]*\\/studio-ui-[^/]+\\/(session-[^/]+\\/\\.\\.\\/)?ada/g, "/home/ada")
    .replace(/\\/[^ ]*\\/studio-ui-[^/]+\\/session-[^/]+/g, "/home/ada/studio");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = homely(texts.currentNode.data);`;

let server: ViteDevServer;
let browser: Browser;

beforeAll(async () => {
  server = await createServer({
    server: { port: 0, strictPort: false, hmr: false },
    // Found late, they would load the page again.
    optimizeDeps: { include: ["@testing-library/react", "@testing-library/user-event"] },
  });
  await server.listen();
  browser = await Browser.open();
  await browser.go(page("empty"));
  await browser.run("localStorage.clear()");
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test.each(scenes)("$name", async ({ name, empty, address, theme = "light", width = 1280 }) => {
  await browser.run(`localStorage.setItem('mantine-color-scheme-value', '${theme}')`);
  await browser.resize(width, 800);
  await browser.go(`${page(empty ? "empty" : "pictures")}&play=${name}#${address}`);
  await settled();
  await browser.run(HOME);
  const folder = mkdtempSync(join(tmpdir(), "picture-"));
  const taken = join(folder, "taken.png");
  writeFileSync(taken, await browser.picture());
  // A palette makes a third of it, and pages have few colors.
  const lean = ["-dither", "None", "-colors", "256", "-strip", "-define", "png:compression-level=9"];
  execFileSync("convert", [taken, ...lean, `PNG8:${join(FOLDER, name)}.png`]);
  rmSync(folder, { recursive: true });
});

function page(start: string): string {
  return `${server.resolvedUrls?.local[0]}host.html?start=${start}`;
}

/** Waits until the scene was played and nothing changes any more. */
async function settled(): Promise<void> {
  let before = "";
  for (let same = 0; same < 4; ) {
    await new Promise((done) => setTimeout(done, 250));
    const [played, now] = await browser.run<[string | undefined, string]>(`
      const busy = [...document.querySelectorAll("[aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root")];
      const waiting = busy.some((one) => one.offsetParent) ? Math.random() : "";
      return [document.documentElement.dataset.played, document.body.innerHTML.length + "" + waiting];`);
    if (played && played !== "yes") throw new Error(played);
    same = played && now === before ? same + 1 : 0;
    before = now;
  }
}
