import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, onTestFinished, test } from "vitest";
import type { TokenSource } from "../../bindings";
import { openStudio } from "../../testing/open";

const hub = async () => within(await screen.findByRole("region", { name: "Hugging Face" }));

test("a token is kept, replaced and removed without ever being shown", async () => {
  let kept = false;
  const { user, host, container } = await openStudio("/settings", "empty", (host) => {
    // A keyring that works is not on every machine.
    host.on("hubSettings", async () => {
      const source: TokenSource = kept ? { is: "keyring" } : { is: "none" };
      return { ...(await host.core.hubSettings()), token: { source, kept, keyring_problem: null } };
    });
    host.on("setHubToken", ({ token }) => {
      kept = token !== null;
      return null;
    });
  });
  const panel = await hub();
  expect(await panel.findByText("There is no token. Public models and datasets need none.")).toBeVisible();
  const field = panel.getByLabelText("Token");
  expect(field).toHaveAttribute("type", "password");
  expect(panel.getByRole("button", { name: "Keep" })).toBeDisabled();
  await user.type(field, "hf_secret");
  await user.click(panel.getByRole("button", { name: "Keep" }));
  expect(await panel.findByText("The token in the system’s keyring is used.")).toBeVisible();
  expect(panel.getByLabelText("New token")).toHaveValue("");
  expect(container.innerHTML).not.toContain("hf_secret");
  await user.click(panel.getByRole("button", { name: "Remove" }));
  expect(await panel.findByText(/There is no token/)).toBeVisible();
  const set = host.calls.filter(({ command }) => command === "set_hub_token").map(({ args }) => args.token);
  expect(set).toEqual(["hf_secret", null]);
});

test("without a keyring the environment variable is offered instead", async () => {
  await openStudio("/settings", "empty", undefined, { hub: { HF_TOKEN: "hf_secret" } });
  const panel = await hub();
  expect(await panel.findByText("The token of the environment variable HF_TOKEN is used.")).toBeVisible();
  expect(panel.getByText(/no keyring service answers.*environment variable HF_TOKEN/)).toBeVisible();
  expect(panel.queryByLabelText("Token")).not.toBeInTheDocument();
});

test("offline is switched, and an address that is none is refused beside its field", async () => {
  const { user, host } = await openStudio("/settings", "empty", undefined, { hub: {} });
  const panel = await hub();
  await user.click(await panel.findByRole("switch", { name: /Work offline/ }));
  await waitFor(() => expect(panel.getByRole("switch", { name: /Work offline/ })).toBeChecked());
  await user.type(panel.getByRole("textbox", { name: "Address of the Hub" }), "mirror");
  await user.click(panel.getByRole("button", { name: "Save address" }));
  expect(await panel.findByText(/'mirror' is not the address of a hub/)).toBeVisible();
  expect((await host.core.hubSettings()).settings).toEqual({ offline: true, endpoint: null, python: null });
});

test("what the environment says can't be switched here", async () => {
  await openStudio("/settings", "empty", undefined, {
    hub: { HF_HUB_OFFLINE: "1", HF_ENDPOINT: "https://mirror.example" },
  });
  const panel = await hub();
  expect(await panel.findByRole("switch", { name: /Work offline/ })).toBeDisabled();
  expect(panel.getByText(/The Hub at https:\/\/mirror.example is used/)).toBeVisible();
});

test("folders are named with their size, and opened in the system's file browser", async () => {
  const { user, host } = await openStudio("/settings", "empty", (host) => {
    host.on("folders", () => [
      { what: "database", path: "/home/ada", bytes: 1_482_752 },
      { what: "backups", path: "/home/ada/backups", bytes: 2_965_504 },
      { what: "hub_cache", path: "/home/ada/.cache/huggingface/hub", bytes: 3_049_230_000 },
      { what: "data", path: "/home/ada/.local/share/fine-tuning-studio", bytes: null },
    ]);
    host.on("openFolder", () => null);
  });
  const panel = within(await screen.findByRole("region", { name: "Folders" }));
  expect(panel.getByText("3.0 GB")).toBeVisible();
  expect(panel.getByRole("button", { name: "Open the folder of application data" })).toBeDisabled();
  await user.click(panel.getByRole("button", { name: "Open the folder of backups" }));
  const opened = host.calls.find(({ command }) => command === "open_folder");
  expect(opened?.args.what).toBe("backups");
});

test("without an open workspace the settings of this computer work, and the missing folders are explained", async () => {
  const folder = mkdtempSync(join(tmpdir(), "studio-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "studio.db"), "This is not a database. ".repeat(100));
  const { user, host } = await openStudio("/settings", "empty", undefined, {
    folder,
    worker: false,
    hub: {},
  });
  await expect(host.core.workspace()).rejects.toMatchObject({ code: expect.any(String) });

  const panel = await hub();
  await user.click(await panel.findByRole("switch", { name: /Work offline/ }));
  await waitFor(() => expect(panel.getByRole("switch", { name: /Work offline/ })).toBeChecked());
  expect((await host.core.hubSettings()).settings.offline).toBe(true);

  const python = within(await screen.findByRole("region", { name: "Python" }));
  expect(await python.findByRole("radio", { name: /Choose for me/ })).toBeChecked();
  expect(python.getByRole("button", { name: "Create environment" })).toBeEnabled();

  const folders = within(screen.getByRole("region", { name: "Folders" }));
  expect(await folders.findByText(/No workspace is open\./)).toBeVisible();
  expect(await folders.findByRole("button", { name: "Copy path of Hub cache" })).toBeVisible();
  expect(folders.queryByText("Database", { selector: "span" })).not.toBeInTheDocument();

  const about = screen.getByRole("region", { name: "About Fine Tuning Studio" });
  expect(about).toHaveTextContent("No workspace is open");
  expect(about).toHaveTextContent("0.1.0");
});
