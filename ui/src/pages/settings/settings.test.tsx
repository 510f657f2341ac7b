import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { refusal } from "../../platform/fake";
import { openStudio } from "../../platform/fake/open";

const hub = async () => within(await screen.findByRole("region", { name: "Hugging Face" }));

test("a token is kept, replaced and removed without ever being shown", async () => {
  const { user, fake, container } = openStudio("/settings");
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
  const set = fake.calls.filter(({ command }) => command === "set_hub_token").map(({ args }) => args.token);
  expect(set).toEqual(["hf_secret", null]);
});

test("without a keyring the environment variable is offered instead", async () => {
  openStudio("/settings", {}, (fake) => {
    fake.hub.settings.token = {
      source: { is: "environment", variable: "HF_TOKEN" },
      kept: false,
      keyring_problem: "The system's keyring can't be used: no such service answers here.",
    };
  });
  const panel = await hub();
  expect(await panel.findByText("The token of the environment variable HF_TOKEN is used.")).toBeVisible();
  expect(panel.getByText(/no such service answers here.*environment variable HF_TOKEN/)).toBeVisible();
  expect(panel.queryByLabelText("Token")).not.toBeInTheDocument();
});

test("offline is switched, and an address that is none is refused beside its field", async () => {
  const { user, fake } = openStudio("/settings", {}, (fake) => {
    const keep = fake.hub;
    fake.on("set_hub_settings", ({ settings }) => {
      const next = settings as typeof keep.settings.settings;
      if (next.endpoint === "mirror")
        throw refusal("invalid", "'mirror' is not the address of a hub.", {
          hint: "Write it like https://…",
        });
      keep.settings = { ...keep.settings, settings: next };
      return null;
    });
  });
  const panel = await hub();
  await user.click(await panel.findByRole("switch", { name: /Work offline/ }));
  await waitFor(() => expect(panel.getByRole("switch", { name: /Work offline/ })).toBeChecked());
  await user.type(panel.getByRole("textbox", { name: "Address of the hub" }), "mirror");
  await user.click(panel.getByRole("button", { name: "Save address" }));
  expect(await panel.findByText(/'mirror' is not the address of a hub/)).toBeVisible();
  expect(fake.hub.settings.settings).toEqual({ offline: true, endpoint: null, python: null });
});

test("what the environment says can't be switched here", async () => {
  openStudio("/settings", {}, (fake) => {
    fake.hub.settings.offline_by_environment = true;
    fake.hub.settings.endpoint_by_environment = true;
    fake.hub.settings.endpoint = "https://mirror.example";
  });
  const panel = await hub();
  expect(await panel.findByRole("switch", { name: /Work offline/ })).toBeDisabled();
  expect(panel.getByText(/The hub at https:\/\/mirror.example is used/)).toBeVisible();
});

test("folders are named with their size, and opened in the system's file browser", async () => {
  const { user, fake } = openStudio("/settings");
  const panel = within(await screen.findByRole("region", { name: "Folders" }));
  expect(panel.getByText("3.0 GB")).toBeVisible();
  expect(panel.getByRole("button", { name: "Open the folder of application data" })).toBeDisabled();
  await user.click(panel.getByRole("button", { name: "Open the folder of backups" }));
  const opened = fake.calls.find(({ command }) => command === "open_folder");
  expect(opened?.args.what).toBe("backups");
});
