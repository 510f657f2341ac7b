import { join } from "node:path";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ExportRequest } from "../../bindings";
import { writeModel } from "../../testing/example/files";
import { openStudio } from "../../testing/open";
import { begun } from "../../testing/runs";
import { gpuBox } from "../../testing/targets";
import { fileNameOf, join as joined } from "./PlaceField";

const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";

test("an adapter is merged, and the report says that it answers as before", async () => {
  const { host, user, router } = await openStudio(`/export?adapter=${adapter}`, "example");
  await host.core.setQueue({ paused: false, at_once: 1 });
  const summary = within(await screen.findByRole("region", { name: "Summary" }));
  expect(await summary.findByText("bfloat16")).toBeVisible();
  expect(screen.getByRole("radio", { name: "Merge" })).toBeChecked();
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("tickets-intent merged");
  expect(await summary.findByText("Choose where to write it.")).toBeVisible();
  expect(await summary.findByText("8 texts of our own")).toBeVisible();

  const to = join(host.connection.folder, "merged");
  await user.click(screen.getByRole("textbox", { name: "Folder to write" }));
  await user.paste(to);
  await user.click(screen.getByRole("combobox", { name: "Precision of the weights" }));
  await user.click(await screen.findByRole("option", { name: "32 bits (float32)" }));
  expect(await summary.findByText("float32")).toBeVisible();
  await user.click(screen.getByRole("button", { name: /^Start/ }));
  const request = await waitFor(() => {
    const call = host.calls.find(({ command }) => command === "start_export");
    if (!call) throw new Error("not started");
    return call.args.request as ExportRequest;
  });
  expect(request).toMatchObject({
    source: { table: "adapters", id: adapter },
    to,
    way: "merge",
    settings: { precision: "float32", register: true },
  });

  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/runs\//));
  const id = router.state.location.pathname.replace("/runs/", "");
  const run = await begun(host.connection, id);
  run.report(
    { event: "status", status: "writing", message: "Writing the model" },
    { event: "work", done: 12_000_000, total: 40_000_000, unit: "bytes" },
  );
  expect(await screen.findByText(/^Writing the model: 12/)).toBeVisible();
  expect(screen.getByText("The report follows at the end.")).toBeVisible();

  writeModel(to);
  const text = "The largest difference of logits is 3e-7 on 8 texts.";
  const report = {
    way: "merge",
    output: to,
    bytes: 40_000_000,
    files: [{ path: "model.safetensors", bytes: 40_000_000, sha256: "ab".repeat(32) }],
    checks: [{ name: "logits", passed: true, value: 3e-7, limit: 1e-3, text }],
    notes: ["The adapter was trained on quantized weights."],
    facts: { adapter_effect: 2.5, precision: "float32" },
  };
  run.report({ event: "report", report });
  run.end({ status: "succeeded", output: to });
  expect(await screen.findByRole("img", { name: "Good" })).toBeVisible();
  expect(screen.getByText(text, { exact: false })).toBeVisible();
  const about = within(screen.getByRole("region", { name: "About this run" }));
  expect(await about.findByRole("link", { name: "tickets-intent merged" })).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/"));
  expect(await host.core.runs()).toEqual([]);
});

test("a merge is carried out where it is told, and publishing stays here", async () => {
  const { host, user } = await openStudio(`/export?adapter=${adapter}`, "example", ({ core }) =>
    core.addTarget("gpu-box", gpuBox),
  );
  await host.core.setQueue({ paused: true, at_once: 1 });
  const summary = within(await screen.findByRole("region", { name: "Summary" }));
  await user.click(await screen.findByRole("combobox", { name: "Runs on" }));
  await user.click(await screen.findByRole("option", { name: "gpu-box" }));
  expect(await summary.findByText(/'gpu-box' was not checked yet/)).toBeVisible();
  await user.click(screen.getByRole("radio", { name: /^Hugging Face Hub/ }));
  await waitFor(() => expect(screen.queryByRole("combobox", { name: "Runs on" })).not.toBeInTheDocument());
  await user.click(screen.getByRole("radio", { name: "Merge" }));
  await user.click(screen.getByRole("textbox", { name: "Folder to write" }));
  await user.paste(join(host.connection.folder, "merged"));
  await user.click(screen.getByRole("button", { name: /^Start/ }));
  await waitFor(async () => expect((await host.core.runs())[0]?.run.target).toEqual(expect.any(String)));
});

test("a result is named after its row, as every system can name a file", () => {
  expect(fileNameOf("  tickets: “intent” / v2. ")).toBe("tickets-intent-v2");
  expect(fileNameOf("???")).toBe("model");
  expect(joined("/data/", "a")).toBe("/data/a");
  expect(joined("C:\\models", "a")).toBe("C:\\models\\a");
});
