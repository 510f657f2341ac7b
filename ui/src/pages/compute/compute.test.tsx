import { join } from "node:path";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { LastCheck, TargetCheck } from "../../bindings";
import { write } from "../../testing/example/files";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { writeUv } from "../../testing/python";
import { cluster, clusterCheck, goodCheck, gpuBox, unknownKey } from "../../testing/targets";

const card = async (name: string) => within(await screen.findByRole("region", { name }));
const form = async () => within(await screen.findByRole("dialog"));
const checks = (host: HostWindow) => host.calls.filter(({ command }) => command === "check_target");
/** Answers checks in place of machines that are not at hand, and keeps what they found, as the core does. */
function finds(host: HostWindow, look: (accepted: unknown) => TargetCheck) {
  let last: LastCheck | null = null;
  host.on("lastTargetCheck", () => last);
  host.on("checkTarget", ({ acceptHostKey }) => {
    const check = look(acceptHostKey);
    last = { at: new Date().toISOString(), check };
    return check;
  });
}
const added = (host: HostWindow) => host.core.addTarget("gpu-box", gpuBox);

test("a machine is added, checked at once, and removed again", async () => {
  const { host, user } = await openStudio("/compute");
  finds(host, () => goodCheck);
  expect((await card("This machine")).getByText("Computes on")).toBeVisible();
  expect(await screen.findByText("No other machine yet")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Add target…" }));
  const fields = await form();
  await user.type(fields.getByRole("textbox", { name: /^Name/ }), "gpu-box");
  await user.type(fields.getByRole("textbox", { name: /^Host/ }), "-box");
  await user.click(fields.getByRole("button", { name: "Add and check" }));
  expect(await fields.findByText(/begins with a dash/)).toBeVisible();
  expect(await host.core.targets()).toEqual([]);
  await user.clear(fields.getByRole("textbox", { name: /^Host/ }));
  await user.type(fields.getByRole("textbox", { name: /^Host/ }), "gpu-box");
  await user.type(fields.getByRole("textbox", { name: "Python there" }), "~/venv/bin/python");
  await user.type(fields.getByRole("textbox", { name: "Before Python" }), "module load cuda");
  await user.click(fields.getByRole("button", { name: "Add and check" }));

  const box = await card("gpu-box");
  expect(await box.findByText("Runs can start there.")).toBeVisible();
  expect(box.getByText("2 × NVIDIA A100-SXM4-80GB, 86 GB (61 GB free)")).toBeVisible();
  const remarks = within(box.getByRole("list", { name: "Problems and remarks" }));
  expect(remarks.getByRole("img", { name: "Remark" })).toBeVisible();
  expect(remarks.getByText(/Choose a folder on another disk/)).toBeVisible();
  const [target] = await host.core.targets();
  expect(target).toMatchObject({ name: "gpu-box", confirmed: true, settings: gpuBox });
  expect(checks(host)).toHaveLength(1);

  await user.click(box.getByRole("button", { name: "Remove gpu-box" }));
  const dialog = await form();
  expect(dialog.getByText(/Nothing is removed there/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  expect(await screen.findByText("No other machine yet")).toBeVisible();
  expect(await host.core.targets()).toEqual([]);
});

test("the key of a host is compared before it is accepted", async () => {
  const { host, user } = await openStudio("/compute", "empty", added);
  finds(host, (accepted) => (accepted ? goodCheck : unknownKey));
  const box = await card("gpu-box");
  expect(await box.findByText("Not checked yet.")).toBeVisible();
  await user.click(box.getByRole("button", { name: "Check" }));
  const dialog = await form();
  const { fingerprint } = unknownKey.host_key ?? {};
  expect(dialog.getByText(String(fingerprint))).toBeVisible();
  expect(dialog.getByText("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(await box.findByText("Runs can’t start there.")).toBeVisible();
  await user.click(box.getByRole("button", { name: "Look at the host key…" }));
  await user.click((await form()).getByRole("button", { name: "They are the same" }));
  expect(await box.findByText("Runs can start there.")).toBeVisible();
  expect(checks(host).map(({ args }) => args.acceptHostKey)).toEqual([null, fingerprint]);
});

test("a cluster is asked in the words of Slurm, which a change keeps", async () => {
  const { host, user } = await openStudio("/compute");
  finds(host, () => clusterCheck);
  await user.click(await screen.findByRole("button", { name: "Add target…" }));
  const fields = await form();
  await user.click(fields.getByRole("radio", { name: "Slurm cluster" }));
  const type = (name: RegExp | string, text: string) =>
    user.type(fields.getByRole("textbox", { name }), text);
  await type(/^Name/, "cluster");
  await type(/^Host/, cluster.host);
  await user.clear(fields.getByRole("textbox", { name: /^Folder there/ }));
  await type(/^Folder there/, cluster.folder);
  await user.type(fields.getByRole("combobox", { name: "Partition" }), "gpu");
  await type("GPUs and the like", "gpu:1");
  await type("Time limit", "4:00:00");
  await type("Memory of a node", "32G");
  await type("Nodes", "two");
  await user.click(fields.getByRole("button", { name: "Add and check" }));
  expect(await fields.findByText("This must be a whole number above 0.")).toBeVisible();
  await user.clear(fields.getByRole("textbox", { name: "Nodes" }));
  await user.click(fields.getByRole("button", { name: "Add and check" }));
  const shown = await card("cluster");
  const partitions = within(await shown.findByRole("table", { name: "Partitions" }));
  expect(partitions.getByText("gpu:a100:4")).toBeVisible();
  const [target] = await host.core.targets();
  expect(target?.settings.options).toMatchObject(cluster.options ?? {});

  await user.click(shown.getByRole("button", { name: "Edit cluster" }));
  const edited = await form();
  expect(edited.getByRole("textbox", { name: "Time limit" })).toHaveValue("4:00:00");
  await user.type(edited.getByRole("textbox", { name: "Nodes" }), "2");
  await user.click(edited.getByRole("combobox", { name: /^Kept there/ }));
  await user.click(await screen.findByRole("option", { name: "Everything, for 7 days" }));
  const models = edited.getByRole("combobox", { name: /^Models of the Hub/ });
  expect(models).toHaveValue("As usual: sent from this machine");
  await user.click(models);
  await user.click(await screen.findByRole("option", { name: "Fetched there, from the Hub" }));
  await user.click(edited.getByRole("button", { name: "Save" }));
  await waitFor(async () =>
    expect((await host.core.targets())[0]?.settings.options).toMatchObject({
      ...cluster.options,
      nodes: 2,
      keep: "7",
      models: "fetch",
    }),
  );
});

test("a target that came with a file is used after its commands were seen", async () => {
  const { host, user } = await openStudio("/compute", "empty", async (host) => {
    const target = await added(host);
    const imported = { ...target, confirmed: false };
    host.on("targets", () => [imported]);
  });
  const box = await card("gpu-box");
  expect(box.getByText("Not confirmed")).toBeVisible();
  expect(box.getByRole("button", { name: "Check" })).toBeDisabled();
  const commands = within(await box.findByRole("table", { name: "What gpu-box runs" }));
  expect(commands.getByText("gpu-box")).toBeVisible();
  expect(commands.getByText("module load cuda")).toBeVisible();
  host.off("targets");
  await user.click(box.getByRole("button", { name: "Confirm this target" }));
  await waitFor(() => expect(box.queryByText("Not confirmed")).not.toBeInTheDocument());
  const confirmed = host.calls.find(({ command }) => command === "confirm_target");
  expect(confirmed?.args.settings).toMatchObject(gpuBox);
});

test("a check that fails says why", async () => {
  const { host, user } = await openStudio("/compute", "empty", added);
  host.on("checkTarget", () => {
    throw { code: "network", message: "gpu-box can't be reached.", hint: "Is it on?", fields: [] };
  });
  const box = await card("gpu-box");
  await user.click(box.getByRole("button", { name: "Check" }));
  expect(await box.findByRole("alert")).toHaveTextContent("gpu-box can't be reached.Is it on?");
});

test("a target without Python gets an environment, which is made there", async () => {
  const { host, user } = await openStudio("/compute", "empty", async (host) => {
    const { tools, folder } = writeUv(host.folder);
    // This machine itself is the target.
    await host.core.addTarget("plain", {
      kind: "ssh",
      host: "local",
      folder,
      python: null,
      ssh_config: null,
      options: { setup: `export PATH="${tools}:$PATH"` },
    });
  });
  const plain = await card("plain");
  await user.click(await plain.findByRole("button", { name: "Check" }));
  await user.click(await plain.findByRole("button", { name: "Create environment" }, { timeout: 20_000 }));
  expect(await plain.findByText("Downloading torch…", undefined, { timeout: 20_000 })).toBeVisible();
  await user.click(plain.getByRole("button", { name: "Stop" }));
  expect(await plain.findByRole("alert", undefined, { timeout: 20_000 })).toHaveTextContent("was stopped.");
  write(join(host.folder, "go"), "");
  await user.click(await plain.findByRole("button", { name: "Continue creating it" }));
  expect(await plain.findByText("Runs can start there.", undefined, { timeout: 20_000 })).toBeVisible();
  expect(plain.queryByRole("button", { name: "Continue creating it" })).not.toBeInTheDocument();
  const [target] = await host.core.targets();
  const last = await host.core.lastTargetCheck(target?.id ?? "");
  expect(last?.check.environment).toMatchObject({ state: "made" });
}, 90_000);
