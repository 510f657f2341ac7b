import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { FoundRepository, Listed, ListQuery } from "../../bindings";
import { openStudio } from "../../testing/open";
import { RepositoryServer } from "../../testing/repositoryServer";

const ID = "d1";
const NAME = "acme/words";

const config = (name: string) => `- config_name: ${name}
  data_files:
  - split: train
    path: ${name}/train.csv
  - split: test
    path: ${name}/test.csv
`;
const FILES = {
  "README.md": `---\nconfigs:\n${config("en")}  default: true\n${config("de")}---\n`,
  "en/train.csv": "text\nHello\n",
  "en/test.csv": "text\nGoodbye\n",
  "de/train.csv": "text\nHallo\n",
  "de/test.csv": "text\nTschüs\n",
};

const ALL: ListQuery = { search: null, sort: null, filters: [], offset: 0, limit: 1 };

const datasetResult = (name: string): FoundRepository => ({
  kind: "dataset",
  name,
  task: null,
  license: null,
  parameters: null,
  precisions: [],
  bytes: null,
  rows: null,
  formats: ["csv"],
  base_model: null,
  downloads: null,
  likes: null,
  updated_at: null,
  gated: false,
  private: false,
});

/** The panel of a dataset of the hub whose default configuration was fetched. */
async function fetched() {
  const server = await RepositoryServer.start("datasets", NAME, FILES);
  const row = { id: ID, type: "huggingface", name: "Words", huggingface_name: NAME };
  const page = await openStudio(`/datasets?id=${ID}`, { datasets: [row] }, undefined, {
    hub: server.variables,
  });
  await page.user.click(await screen.findByRole("button", { name: "Fetch to this machine" }));
  expect(await screen.findByText("Hello")).toBeVisible();
  const panel = within(screen.getByRole("complementary", { name: "Words" }));
  await page.user.click(panel.getByRole("button", { name: "Choose the split…" }));
  // The rows of a folder have a choice of their own below it.
  const choice = async (label: string) =>
    (await panel.findAllByRole("combobox", { name: label }))[0] as HTMLElement;
  const choose = async (label: string, option: RegExp) => {
    await page.user.click(await choice(label));
    await page.user.click(await screen.findByRole("option", { name: option }));
  };
  return { ...page, panel, choice, choose };
}

test("a configuration that is not here leaves the choice open, and is fetched with its split", async () => {
  const { host, panel, choice, choose, user } = await fetched();
  await choose("Configuration", /^de/);
  expect(await panel.findByText(/and not on this machine/)).toBeVisible();
  await choose("Split", /^test/);
  expect(await choice("Configuration")).toHaveValue("de");
  await user.click(panel.getByRole("button", { name: "Fetch to this machine" }));
  expect(await screen.findByText("Tschüs")).toBeVisible();
  expect(await host.core.datasetPart(ID)).toEqual({ config: "de", split: "test" });
});

test("a split that is chosen while its configuration is still being stored is kept", async () => {
  const { host, panel, choice, choose } = await fetched();
  let store = () => {};
  host.on("chooseDatasetPart", ({ id, part }) => {
    host.off("chooseDatasetPart");
    return new Promise<Listed>((stored) => {
      store = () => stored(host.core.chooseDatasetPart(id, part as { config: string; split: null }));
    });
  });
  await choose("Configuration", /^de/);
  await choose("Split", /^test/);
  expect(await choice("Split")).toHaveValue("test, 13 bytes");
  store();
  await waitFor(async () => expect(await host.core.datasetPart(ID)).toEqual({ config: "de", split: "test" }));
  expect(await panel.findByText("de, test")).toBeVisible();
  // Nothing that is still under way takes the choice back.
  await waitFor(() => expect(panel.getByText(/and not on this machine/)).toBeVisible());
  expect(await host.core.datasetPart(ID)).toEqual({ config: "de", split: "test" });
});

test("a part that is chosen before its dataset is added stays chosen, and is what is fetched", async () => {
  const server = await RepositoryServer.start("datasets", NAME, FILES);
  const found = datasetResult(NAME);
  const { user, host } = await openStudio(
    `/hub?kind=dataset&q=words&open=dataset%20${NAME}`,
    "empty",
    (host) =>
      host.on("searchHub", () => ({
        source: "hub",
        answer: null,
        results: [{ found, fit: null, memory_bytes: null, cached: null, row: null }],
        next: null,
        memory: null,
      })),
    { hub: server.variables },
  );
  const result = within(await screen.findByRole("complementary", { name: NAME }));
  for (const [label, option] of [
    ["Configuration", /^de/],
    ["Split", /^test/],
  ] as const) {
    await user.click(await result.findByRole("combobox", { name: label }));
    await user.click(await screen.findByRole("option", { name: option }));
  }
  await user.click(result.getByRole("button", { name: "Add to the studio" }));
  const form = within(await screen.findByRole("dialog", { name: "New dataset" }));
  await user.click(form.getByRole("button", { name: "Add dataset" }));
  expect(await screen.findByRole("heading", { name: "Datasets" })).toBeVisible();
  const panel = within(await screen.findByRole("complementary", { name: NAME }));
  const row = (await host.core.list("datasets", ALL)).rows[0]?.row;
  expect(await host.core.datasetPart(String(row?.id))).toEqual({ config: "de", split: "test" });
  await user.click(await panel.findByRole("button", { name: "Fetch to this machine" }));
  expect(await panel.findByText("Tschüs")).toBeVisible();
  expect(panel.queryByText("Hallo")).not.toBeInTheDocument();
});
