import { join } from "node:path";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ExportRequest } from "../../bindings";
import { openStudio } from "../../testing/open";

const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";

test("an adapter is written as GGUF, merged in few bits or alone in 16", async () => {
  const { host, user } = await openStudio(`/export?adapter=${adapter}`, "example");
  await host.core.setQueue({ paused: true, at_once: 1 });
  await user.click(await screen.findByRole("radio", { name: "GGUF" }));
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("tickets-intent");
  const summary = within(await screen.findByRole("region", { name: "Summary" }));
  const place = screen.getByRole("textbox", { name: "File to write" });
  await user.click(place);
  await user.paste(join(host.connection.folder, "labels"));
  expect(await summary.findByText("The name of a GGUF file ends in .gguf.")).toBeVisible();
  await user.click(place);
  await user.paste(".gguf");

  const type = screen.getByRole("combobox", { name: "Type of the weights" });
  await user.click(type);
  await user.click(await screen.findByRole("option", { name: /^Q4_K_M/ }));
  expect(await summary.findByText("Q4_K_M")).toBeVisible();
  await user.click(screen.getByRole("radio", { name: "The adapter alone" }));
  expect(await summary.findByText("F16")).toBeVisible();
  await user.click(type);
  expect(screen.queryByRole("option", { name: /^Q4_K_M/ })).not.toBeInTheDocument();
  await user.click(await screen.findByRole("option", { name: /^F32/ }));

  await user.click(screen.getByRole("button", { name: /^Start/ }));
  const request = await waitFor(() => {
    const call = host.calls.find(({ command }) => command === "start_export");
    if (!call) throw new Error("not started");
    return call.args.request as ExportRequest;
  });
  expect(request).toMatchObject({ way: "gguf", settings: { type: "f32", of: "adapter" } });
}, 60_000);

test("a model is created in Ollama where one answers", async () => {
  const { host, user } = await openStudio(`/export?adapter=${adapter}`, "example");
  await user.click(await screen.findByRole("radio", { name: "Ollama" }));
  const create = screen.getByRole("checkbox", { name: "Create the model in Ollama" });
  expect(await screen.findByText(/^No Ollama answers at http/)).toBeVisible();
  expect(create).toBeDisabled();

  host.on("planExport", async ({ request }) => ({
    ...(await host.core.planExport(request as ExportRequest)),
    ollama: "0.99.0",
    ollama_host: "http://127.0.0.1:11434",
  }));
  await user.type(screen.getByRole("textbox", { name: "Temperature" }), "0.2");
  expect(await screen.findByText("Ollama 0.99.0 runs at http://127.0.0.1:11434.")).toBeVisible();
  await user.click(create);
  await user.type(screen.getByRole("textbox", { name: "System prompt" }), "Be brief.");
  await waitFor(() => {
    const asked = host.calls.filter(({ command }) => command === "plan_export").at(-1);
    expect(asked?.args.request).toMatchObject({
      way: "ollama",
      settings: { type: "q8_0", system: "Be brief.", parameters: { temperature: 0.2 }, create: true },
    });
  });
}, 30_000);
