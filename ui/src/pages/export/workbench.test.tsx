import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ExportRequest, TargetSettings } from "../../bindings";
import { openStudio } from "../../testing/open";

const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";

const settings = {
  kind: "cloudera",
  host: "https://ml.example.com",
  folder: "~/studio-runs",
  options: { project: "1a2b-3c4d-5e6f-7a8b", runtime: "docker.example.com/runtime:1" },
} as unknown as TargetSettings;

test("an adapter is deployed on a workbench, without Python on this machine", async () => {
  const { host, user } = await openStudio(`/export?adapter=${adapter}`, "example", async (host) => {
    await host.core.setQueue({ paused: true, at_once: 1 });
    await host.core.addTarget("bench", settings);
  });
  await user.click(await screen.findByRole("radio", { name: "Cloudera model endpoint" }));
  const summary = within(await screen.findByRole("region", { name: "Summary" }));
  expect(await summary.findByText(/There is no compute target|Choose a workbench/)).toBeVisible();
  await user.click(screen.getByRole("combobox", { name: "Workbench" }));
  await user.click(await screen.findByRole("option", { name: "bench" }));
  await user.click(screen.getByRole("button", { name: /^Start/ }));
  const request = await waitFor(() => {
    const call = host.calls.find(({ command }) => command === "start_export");
    if (!call) throw new Error("not started");
    return call.args.request as ExportRequest;
  });
  expect(request).toMatchObject({
    source: { table: "adapters", id: adapter },
    way: "cml_model",
    settings: { name: "tickets-intent", open: false },
  });
});
