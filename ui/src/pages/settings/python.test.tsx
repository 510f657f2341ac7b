import { join } from "node:path";
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { EnvironmentReport } from "../../bindings";
import { write } from "../../testing/example/files";
import type { Open } from "../../testing/host/connection";
import type { HostWindow } from "../../testing/host/window";
import { openStudio } from "../../testing/open";
import { LIBRARIES, writeEnvironment, writePython } from "../../testing/python";
import { refusal } from "../../testing/refusal";

/** A machine with interpreters that lack something. */
const PYTHONS: Open = { worker: false, virtual_env: "project/.venv", path: ["bin", "old"] };

/** Opens the settings on it; `report` is what else its report says. */
async function openSettings(prepare?: (host: HostWindow) => void, report: Partial<EnvironmentReport> = {}) {
  return openStudio(
    "/settings",
    "empty",
    (host) => {
      const at = (path: string) => join(host.folder, path);
      const some = ["torch", "transformers", "accelerate", "datasets", "safetensors"];
      writePython(at("project/.venv/bin/python"), { version: "3.12.1", has: some });
      writePython(at("bin/python3"), { version: "3.11.2", has: [] });
      writePython(at("old/python3"), { version: "3.8.18", has: LIBRARIES });
      host.on("environmentReport", async () => ({ ...(await host.core.environmentReport()), ...report }));
      prepare?.(host);
    },
    PYTHONS,
  );
}

const panel = async () => within(await screen.findByRole("region", { name: "Python" }));

test("every interpreter says what it has or lacks, and that none works is said with what to do", async () => {
  await openSettings(undefined, { free_bytes: 72_400_000_000 });
  const python = await panel();
  expect(await python.findByText("Missing: peft, trl, mlflow, rouge_score.")).toBeVisible();
  expect(python.getByText("None of the libraries are installed.")).toBeVisible();
  expect(python.getByText("It is too old: Python 3.11 or newer is needed.")).toBeVisible();
  expect(python.getByText(/No Python on this machine has what training needs/)).toBeVisible();
  expect(
    python.getByText(/It takes 6.5 GB of disk space and a few minutes to download. 72 GB are free there./),
  ).toBeVisible();
  expect(python.queryByText("In use")).not.toBeInTheDocument();
  expect(python.queryByRole("button", { name: "Remove" })).not.toBeInTheDocument();
});

test("an environment is created with progress, goes on on other pages, and is used", async () => {
  let finish = async () => {};
  const { user, host, router } = await openSettings((host) =>
    host.on(
      "createEnvironment",
      () =>
        new Promise((resolve) => {
          finish = async () => {
            writeEnvironment(host.folder);
            // Its size and version can't be real ones.
            host.on("environmentReport", async () => ({
              ...(await host.core.environmentReport()),
              state: "complete",
              bytes: 6_467_000_000,
            }));
            const [made] = (await host.core.environmentReport()).interpreters;
            if (made) resolve(made);
          };
        }),
    ),
  );
  await user.click(await (await panel()).findByRole("button", { name: "Create environment" }));
  const call = host.calls.find(({ command }) => command === "create_environment");
  if (!call) throw new Error("nothing was created");
  const progress = { doing: "Downloading torch and triton", done: 1_200_000_000, total: 2_700_000_000 };
  act(() => host.send(call.args, progress));
  expect(await screen.findByText("Downloading torch and triton…")).toBeVisible();
  expect(screen.getByText("1.2 GB of 2.7 GB")).toBeVisible();

  await act(() => router.navigate({ to: "/" }));
  expect(host.calls.some(({ command }) => command === "cancel")).toBe(false);
  await act(() => finish());
  expect(await screen.findByText("Python is ready to train")).toBeVisible();
  await act(() => router.navigate({ to: "/settings" }));
  const python = await panel();
  expect(await python.findByText("In use")).toBeVisible();
  expect(await python.findByText(/It computes on NVIDIA RTX 4090 \(26 GB\)/)).toBeVisible();
  expect(python.getByText("It is complete and takes 6.5 GB.")).toBeVisible();
});

test("cancelling says what is kept, and a failure says what to do", async () => {
  let fail = (_: unknown) => {};
  const { user, host } = await openSettings(
    (host) => {
      host.on("createEnvironment", () => new Promise((_, reject) => (fail = reject)));
      host.on("cancel", () => {
        writeEnvironment(host.folder, false);
        fail(refusal("cancelled", "Cancelled."));
        return true;
      });
    },
    { bytes: 2_310_000_000 },
  );
  const python = await panel();
  await user.click(await python.findByRole("button", { name: "Create environment" }));
  await user.click(python.getByRole("button", { name: "Cancel" }));
  expect(await python.findByText(/Canceled. The finished part is kept/)).toBeVisible();
  expect(await python.findByText(/2.3 GB of about 6.5 GB are downloaded/)).toBeVisible();
  await user.click(python.getByRole("button", { name: "Continue creating it" }));
  await act(async () =>
    fail(
      refusal("unreachable", "The packages could not be installed: the package index can't be reached.", {
        hint: "Check the network and try again.",
      }),
    ),
  );
  const alert = await python.findByRole("alert");
  expect(alert).toHaveTextContent("the package index can't be reached");
  expect(alert).toHaveTextContent("Check the network and try again.");
  expect(host.calls.filter(({ command }) => command === "create_environment")).toHaveLength(2);
});

test("another Python is chosen from the list or by the picker, and one that is none is refused", async () => {
  const { user, host } = await openSettings(({ folder }) => writeEnvironment(folder), {
    bytes: 6_467_000_000,
  });
  const python = await panel();
  expect(await python.findByRole("radio", { name: "Choose for me" })).toBeChecked();
  await user.click(python.getByRole("radio", { name: `${host.folder}/project/.venv/bin/python` }));
  await waitFor(() =>
    expect(python.getByRole("radio", { name: `${host.folder}/project/.venv/bin/python` })).toBeChecked(),
  );
  // It lacks libraries, so nothing is used now.
  expect(python.queryByText("In use")).not.toBeInTheDocument();

  const notes = write(join(host.folder, "notes.txt"), "Notes");
  host.nextPick(notes);
  await user.click(python.getByRole("button", { name: "Choose a Python…" }));
  expect(await python.findByRole("alert")).toHaveTextContent(`${notes} can't be used as Python`);
  await user.click(python.getByRole("radio", { name: "Choose for me" }));
  await waitFor(async () => expect((await host.core.environmentReport()).chosen).toBeNull());
  expect(await python.findByText("In use")).toBeVisible();
});

test("the environment is removed once that is confirmed", async () => {
  const { user } = await openSettings(({ folder }) => writeEnvironment(folder), { bytes: 6_467_000_000 });
  const python = await panel();
  await user.click(await python.findByRole("button", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Remove the environment?" }));
  expect(dialog.getByText(/This frees 6.5 GB/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Remove" }));
  expect(await python.findByRole("button", { name: "Create environment" })).toBeVisible();
});

test("Axolotl gets an environment of its own, with its size, progress and a way to remove it", async () => {
  const { user, host } = await openSettings((host) =>
    host.on("createEnvironment", () => new Promise(() => {})),
  );
  const axolotl = within(await screen.findByRole("region", { name: "Axolotl" }));
  expect(
    await axolotl.findByText(/everything that Axolotl needs can be created here. It takes 6.8 GB/),
  ).toBeVisible();
  expect(axolotl.getByTitle(`${host.folder}/python-axolotl`)).toBeVisible();
  await user.click(axolotl.getByRole("button", { name: "Create environment" }));
  const call = host.calls.find(({ command }) => command === "create_environment");
  if (!call) throw new Error("nothing was created");
  expect(call.args).toMatchObject({ kind: "axolotl" });
  act(() => host.send(call.args, { doing: "Downloading torch", done: 1, total: 2 }));
  expect(await axolotl.findByText("Downloading torch…")).toBeVisible();
  // The other one can be created meanwhile.
  expect((await panel()).getByRole("button", { name: "Create environment" })).toBeEnabled();
});

test("exports to GGUF get one that is small, since it takes the libraries of the one that trains", async () => {
  const { user, host } = await openSettings((host) =>
    host.on("createEnvironment", () => new Promise(() => {})),
  );
  const gguf = within(await screen.findByRole("region", { name: "GGUF" }));
  expect(
    await gguf.findByText(/an export to GGUF or Ollama needs can be created here. It takes 300 MB/),
  ).toBeVisible();
  expect(gguf.getByTitle(`${host.folder}/python-gguf`)).toBeVisible();
  await user.click(gguf.getByRole("button", { name: "Create environment" }));
  const call = host.calls.find(({ command }) => command === "create_environment");
  expect(call?.args).toMatchObject({ kind: "gguf" });
});

test("where Axolotl can't run, that is said in place of the button", async () => {
  await openSettings((host) =>
    host.on("environmentReport", async () => {
      const report = await host.core.environmentReport();
      return { ...report, axolotl: { ...report.axolotl, unavailable: "axolotl is for Linux." } };
    }),
  );
  const axolotl = within(await screen.findByRole("region", { name: "Axolotl" }));
  expect(await axolotl.findByText("axolotl is for Linux.")).toBeVisible();
  expect(axolotl.queryByRole("button", { name: "Create environment" })).not.toBeInTheDocument();
});
