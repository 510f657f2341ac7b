import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { gpuBox } from "../../testing/targets";

afterEach(() => void vi.useRealTimers());

const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";

/** What the worker says. */
const answer = (host: HostWindow, line: object) =>
  appendFileSync(join(host.folder, "answers.jsonl"), `${JSON.stringify(line)}\n`);

/** What the worker was asked. */
function questions(host: HostWindow): { request: string; id: string; prompt: string; targets: string[] }[] {
  const path = join(host.folder, "asked.jsonl");
  const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}

/** The page with the adapter being served on a free port. */
async function served() {
  const page = await openStudio(`/serve?adapter=${adapter}`, "example");
  const { host, user } = page;
  await waitFor(() => expect(screen.getByRole("combobox", { name: /Base model/ })).toHaveValue("Gemma 3 1B"));
  const port = screen.getByRole("textbox", { name: "Port" });
  await user.clear(port);
  await user.type(port, "0");
  await user.click(screen.getByRole("button", { name: "Serve" }));
  await waitFor(() => expect(questions(host).some(({ request }) => request === "load")).toBe(true));
  return page;
}

test("what is served is asked by other programs, and its requests are listed", async () => {
  const { host, user } = await served();
  answer(host, { answer: "status", status: "model", message: "Loading google/gemma-3-1b-it" });
  expect(await screen.findByText("Loading google/gemma-3-1b-it")).toBeVisible();
  answer(host, { answer: "status", status: "ready", message: "Ready", context_length: 2048 });
  expect(await screen.findByText("Answering")).toBeVisible();
  const url = screen.getByText(/^http:\/\/127\.0\.0\.1:\d+\/v1$/).textContent;
  const key = (await screen.findByText(/^fts-/)).textContent;
  const asked = (bearer: string | null) =>
    fetch(`${url}/completions`, {
      method: "POST",
      headers: { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" },
      body: JSON.stringify({ model: "tickets-intent", prompt: "Cancel it" }),
    });
  expect((await asked("fts-wrong")).status).toBe(401);
  const answered = asked(key);
  await waitFor(() => expect(questions(host).some(({ request }) => request === "generate")).toBe(true));
  const question = questions(host).find(({ request }) => request === "generate");
  expect(question).toMatchObject({ prompt: "Cancel it", targets: [adapter] });
  const { id, targets } = question ?? { id: "", targets: [] };
  const list = within(await screen.findByRole("table", { name: "Requests" }));
  expect(await list.findByText("Answering")).toBeVisible();
  answer(host, { answer: "text", id, target: targets[0], text: "cancel_ticket" });
  answer(host, { answer: "done", id, target: targets[0], input_tokens: 12, output_tokens: 3, latency: 0.6 });
  answer(host, { answer: "finished", id });
  expect((await (await answered).json()).choices[0].text).toBe("cancel_ticket");
  expect(await list.findByText("Answered", {}, { timeout: 3000 })).toBeVisible();
  expect(list.getByText("12")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Clear" }));
  expect(await screen.findByText("No request yet.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Stop" }));
  await waitFor(() => expect(screen.queryByText("Answering")).not.toBeInTheDocument());
  await expect(asked(key)).rejects.toThrow();
});

test("it goes on while other pages are shown, and its key is shown once", async () => {
  const { host, router, user } = await served();
  answer(host, { answer: "status", status: "ready", message: "Ready" });
  expect(await screen.findByText("Answering")).toBeVisible();
  const first = (await screen.findByText(/^fts-/)).textContent;
  await router.navigate({ to: "/settings" });
  await router.navigate({ to: "/serve" });
  expect(await screen.findByText("Answering")).toBeVisible();
  expect(screen.getByText("The same key as before. It is not shown again.")).toBeVisible();
  await waitFor(() => expect(screen.getByRole("combobox", { name: /Base model/ })).toHaveValue("Gemma 3 1B"));
  await user.click(screen.getByRole("button", { name: "New key" }));
  const second = (await screen.findByText(/^fts-/)).textContent;
  expect(second).not.toBe(first);
  const url = screen.getByText(/^http:\/\/127\.0\.0\.1:\d+\/v1$/).textContent;
  const status = async (key: string | null) =>
    (await fetch(`${url}/models`, { headers: { Authorization: `Bearer ${key}` } })).status;
  expect([await status(first), await status(second)]).toEqual([401, 200]);
});

test("the model can be on a compute target while its endpoint is here", async () => {
  const { host, user } = await openStudio(`/serve?adapter=${adapter}`, "example", async (host) => {
    await host.core.addTarget("gpu-box", { ...gpuBox, host: "no-such-host.invalid" });
  });
  const [target] = await host.core.targets();
  await waitFor(() => expect(screen.getByRole("combobox", { name: /Base model/ })).toHaveValue("Gemma 3 1B"));
  await user.click(await screen.findByRole("combobox", { name: "Answers on" }));
  await user.click(await screen.findByRole("option", { name: "gpu-box" }));
  const port = screen.getByRole("textbox", { name: "Port" });
  await user.clear(port);
  await user.type(port, "0");
  await user.click(screen.getByRole("button", { name: "Serve" }));
  // Why it can't be reached is said where the model would answer.
  expect(await screen.findByText(/no-such-host\.invalid/)).toBeVisible();
  const report = await host.core.serving();
  expect(report?.request.target).toBe(target?.id);
});

test("why a model can't be loaded is said, and it can be served again", async () => {
  const { host } = await served();
  answer(host, {
    answer: "error",
    id: null,
    message: "The device has too little memory.",
    hint: "Choose 4 bits.",
  });
  expect(await screen.findByText("The device has too little memory.")).toBeVisible();
  expect(screen.getByText("Choose 4 bits.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Serve again" })).toBeEnabled();
});

test("other machines are let in with a warning only", async () => {
  const page = await openStudio(`/serve?adapter=${adapter}`, "example");
  const { user } = page;
  await waitFor(() => expect(screen.getByRole("combobox", { name: /Base model/ })).toHaveValue("Gemma 3 1B"));
  await user.click(screen.getByRole("button", { name: "More options" }));
  const port = screen.getByRole("textbox", { name: "Port" });
  await user.clear(port);
  await user.type(port, "0");
  await user.type(await screen.findByRole("textbox", { name: "Address" }), "0.0.0.0");
  await user.click(screen.getByRole("button", { name: "Serve" }));
  expect(await screen.findByText(/^Other machines that reach 0\.0\.0\.0 can use the model/)).toBeVisible();
});

test("the command of an engine that is installed is copied", async () => {
  const command = "vllm serve google/gemma-3-1b-it --served-model-name 'Gemma 3 1B'";
  const { user } = await openStudio(`/serve?adapter=${adapter}`, "example", (host) => {
    host.on("engineCommands", () => [{ engine: "vLLM", command, note: null }]);
  });
  expect(await screen.findByText(command)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Copy command for vLLM" }));
  expect(await navigator.clipboard.readText()).toBe(command);
});

test("nothing is asked of the core while no program asks", async () => {
  vi.useFakeTimers({
    shouldAdvanceTime: true,
    toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout"],
  });
  const { host } = await served();
  answer(host, { answer: "status", status: "ready", message: "Ready" });
  expect(await screen.findByText("Answering")).toBeVisible();
  const url = screen.getByText(/^http:\/\/127\.0\.0\.1:\d+\/v1$/).textContent;
  const key = (await screen.findByText(/^fts-/)).textContent;
  const refused = () =>
    fetch(`${url}/completions`, { method: "POST", headers: { Authorization: `Bearer ${key}` }, body: "{" });
  const list = () => screen.getByRole("table", { name: "Requests" });
  await refused();
  await waitFor(() => expect(within(list()).getAllByText(/^Refused/)).toHaveLength(1));
  const minute = () => act(() => vi.advanceTimersByTimeAsync(60_000));
  await minute();
  await host.core.serving();
  const before = host.calls.length;
  await minute();
  await host.core.serving();
  expect(host.calls.slice(before).map(({ command }) => command)).toEqual([]);
  // And what comes then is shown.
  await refused();
  await waitFor(() => expect(within(list()).getAllByText(/^Refused/)).toHaveLength(2));
});
