import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { job } from "../../testing/example/rows";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { writeEnvironment } from "../../testing/python";
import { against, sent, summary } from "../../testing/startPage";
import { gpuBox } from "../../testing/targets";

test("without an environment the way to Settings is shown", async () => {
  await openStudio(`/training/start?copy=${job}`, "example", undefined, {
    worker: false,
  });
  const list = await against();
  expect(list.getByText(/There is no Python on this machine that can train/)).toBeVisible();
  expect(list.getByRole("link", { name: "Open Settings" })).toHaveAttribute("href", "/settings");
});

test("of several GPUs those that train are chosen, and share the rows of a step", async () => {
  const prepare = ({ folder }: HostWindow) => writeEnvironment(folder, true, 2);
  const { host, user } = await openStudio(`/training/start?copy=${job}`, "example", prepare, {
    worker: false,
  });
  const gpus = await screen.findByRole("combobox", { name: "GPUs" });
  expect(gpus).toHaveAccessibleDescription(/Choose several to train faster/);
  expect(screen.queryByRole("textbox", { name: "Processes" })).not.toBeInTheDocument();
  const shown = await summary();
  expect(shown.queryByText("Processes")).not.toBeInTheDocument();
  await user.click(gpus);
  await user.click(await screen.findByRole("option", { name: "1: NVIDIA RTX 4090, 26 GB" }));
  expect(await shown.findByText("2, with 32 rows a step")).toBeVisible();
  expect(await screen.findByText("This machine · 2 × NVIDIA RTX 4090")).toBeVisible();
  await user.keyboard("{Escape}{Control>}{Enter}{/Control}");
  await waitFor(() => expect(sent(host)).toMatchObject({ devices: [0, 1], num_gpu: 2 }));
});

test("without a GPU, processes that share the processor are an advanced choice", async () => {
  const { host, user } = await openStudio(`/training/start?copy=${job}`, "example");
  await summary();
  expect(screen.queryByLabelText("GPUs")).not.toBeInTheDocument();
  await user.click(await screen.findByRole("button", { name: "Advanced" }));
  const processes = await screen.findByRole("textbox", { name: "Processes" });
  await user.clear(processes);
  await user.type(processes, "99999");
  await waitFor(() => expect(processes).toHaveAccessibleDescription(/the processor of this machine has/));
  await user.clear(processes);
  await user.type(processes, "2");
  expect(await (await summary()).findByText("2, with 16 rows a step")).toBeVisible();
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(sent(host)).toMatchObject({ devices: null, num_workers: 2 }));
});

test("without the environment of Axolotl its size and the way to Settings are shown", async () => {
  const { user } = await openStudio(
    `/training/start?copy=${job}`,
    "example",
    ({ folder }) => writeEnvironment(folder),
    { worker: false },
  );
  await user.click(await screen.findByRole("combobox", { name: "Framework" }));
  await user.click(await screen.findByRole("option", { name: "Axolotl" }));
  const list = await against();
  expect(await list.findByText(/No Python on this machine has axolotl. .* takes 6.8 GB/)).toBeVisible();
  expect(list.getByRole("link", { name: "Open Settings" })).toHaveAttribute("href", "/settings");
});

test("a target is chosen where there is one, and kept for the next start", async () => {
  const { host, user, router } = await openStudio("/training/start", "example", ({ core }) =>
    core.addTarget("gpu-box", gpuBox),
  );
  await host.core.setQueue({ paused: true, at_once: 1 });
  const choose = async (field: RegExp, option: string) => {
    await user.click(await screen.findByRole("combobox", { name: field }));
    await user.click(await screen.findByRole("option", { name: option }));
  };
  const where = within(await screen.findByRole("region", { name: "Where" }));
  expect(await where.findByText(/^This machine ·/)).toBeVisible();
  await choose(/Dataset$/, "Support tickets");
  await choose(/Base model/, "Gemma 3 1B");
  await choose(/^Runs on/, "gpu-box");
  await waitFor(() =>
    expect(screen.queryByRole("list", { name: "Before it can start" })).not.toBeInTheDocument(),
  );
  await user.click(screen.getByRole("button", { name: /^Start/ }));
  expect(await screen.findByText("Training on gpu-box")).toBeVisible();
  const [target] = await host.core.targets();
  expect(sent(host).target).toBe(target?.id);

  await router.navigate({ to: "/evaluation/start" });
  expect(await screen.findByRole("combobox", { name: "Runs on" })).toHaveValue("gpu-box");
  // The choice was of another workspace, or its target was removed.
  const [queued] = await host.core.runs();
  await host.core.stopRun(queued?.run.id ?? "");
  await host.core.removeTarget(target?.id ?? "");
  await waitFor(() => expect(screen.queryByRole("combobox", { name: "Runs on" })).not.toBeInTheDocument());
});
