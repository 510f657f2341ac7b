import { join } from "node:path";
import { Channel } from "@tauri-apps/api/core";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TrainingRequest } from "../../../bindings";
import { write, writeModel } from "../../../testing/example/files";
import { openStudio } from "../../../testing/open";

async function openPairs() {
  let dataset = "";
  let model = "";
  const opened = await openStudio("/", "example", async (host) => {
    writeModel(join(host.folder, "model"));
    const pair = (at: number) => ({ prompt: "Hi", chosen: `Hello ${at}`, rejected: `Go ${at}` });
    const text = Array.from({ length: 40 }, (_, at) => `${JSON.stringify(pair(at))}\n`).join("");
    const path = write(join(host.folder, "rows.jsonl"), text);
    dataset = String(
      (await host.core.importDataset(path, "Pairs", "import", new Channel(), null)).row.row.id,
    );
    const fields = { type: "project", name: "Plain", location: join(host.folder, "model") };
    model = String((await host.core.create("models", fields)).row.row.id);
  });
  await opened.router.navigate({ to: "/training/start", search: { dataset, model } });
  await waitFor(() =>
    expect(screen.getByRole("combobox", { name: "Method" })).toHaveValue(
      "Direct preference optimization (DPO)",
    ),
  );
  return opened;
}

test("the settings of a method are asked for with it alone, and each loss says when one would choose it", async () => {
  const { host, user } = await openPairs();
  const asked = () => {
    const call = host.calls.findLast(({ command }) => command === "plan_training");
    const request = call?.args.request as TrainingRequest | undefined;
    return JSON.parse(request?.training_arguments_config ?? "{}");
  };
  await user.click(await screen.findByRole("button", { name: "All settings…" }));
  const group = within(await screen.findByRole("group", { name: "Preference (DPO)" }));
  expect(screen.queryByRole("group", { name: "Good and bad answers (KTO)" })).not.toBeInTheDocument();
  expect(screen.queryByRole("group", { name: "Supervised fine-tuning" })).not.toBeInTheDocument();

  const beta = group.getByRole("textbox", { name: "Beta" });
  expect(beta).toHaveAccessibleDescription(/held to its answers.*Choose 0.01/);
  await user.type(beta, "0.3");
  await user.click(group.getByRole("combobox", { name: "Loss" }));
  await user.click(
    await screen.findByRole("option", { name: /^ipo.*Choose it for pairs that differ little/ }),
  );
  await waitFor(() => expect(asked()).toMatchObject({ beta: 0.3, loss_type: "ipo" }));
});
