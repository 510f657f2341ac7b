import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { openStudio } from "../../testing/open";
import { placed } from "./layout";

const tickets = "3f1c2f7e-5b0a-4c1e-9d55-0d5f0c3c7a11";

beforeEach(() => localStorage.setItem("lineage-view", '"list"'));

test("the lineage is opened from a row and walked", async () => {
  const { user, router } = await openStudio(`/datasets?id=${tickets}`, "example");
  const panel = within(await screen.findByRole("complementary", { name: "Support tickets" }));
  await user.click(panel.getByRole("link", { name: "Lineage" }));
  expect(await screen.findByRole("heading", { name: "Lineage of Support tickets" })).toBeVisible();
  const list = within(await screen.findByRole("list", { name: "Lineage" }));
  for (const name of [
    "Support tickets",
    "Classify a ticket",
    "Gemma 3 1B",
    "tickets-intent on Support tickets, ev01",
  ]) {
    expect(list.getByRole("heading", { name })).toBeVisible();
  }
  const heading = list.getByRole("heading", { name: "Classify a ticket" });
  await user.click(within(heading).getByRole("link"));
  expect(await screen.findByRole("heading", { name: "Lineage of Classify a ticket" })).toBeVisible();
  router.history.back();
  expect(await screen.findByRole("heading", { name: "Lineage of Support tickets" })).toBeVisible();
  await user.click(screen.getByRole("link", { name: "Open dataset" }));
  expect(await screen.findByRole("complementary", { name: "Support tickets" })).toBeVisible();
});

test("what is missing is said, and can't be followed", async () => {
  await openStudio("/lineage/adapters/ad02", "example");
  const list = within(await screen.findByRole("list", { name: "Lineage" }));
  expect(list.getByRole("heading", { name: "Missing model" })).toBeVisible();
  expect(list.queryByRole("link", { name: "Missing model" })).not.toBeInTheDocument();
});

test("a row by itself is said to be one, and one that is not there is refused", async () => {
  const { router } = await openStudio("/lineage/configs/cf01", "example");
  expect(await screen.findByText("It refers to no other row, and no row refers to it.")).toBeVisible();
  await router.navigate({ to: "/lineage/$table/$id", params: { table: "songs", id: "1" } });
  expect(await screen.findByText("This page does not exist")).toBeVisible();
});

test("what comes of a row is drawn to its right, and nothing over something else", () => {
  const row = (id: string) => ({ table: "adapters" as const, id });
  const ids = Array.from({ length: 60 }, (_, n) => `n${n}`);
  const places = placed({
    nodes: ids.map((id) => ({ row: row(id), label: id, kind: null })),
    edges: ids.slice(1).map((id, n) => ({ from: row(`n${Math.floor(n / 4)}`), to: row(id), role: "" })),
    more: [],
  });
  expect(places.size).toBe(60);
  const corners = [...places.values()].map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`);
  expect(new Set(corners).size).toBe(60);
  expect(places.get("adapters n1")?.x).toBeGreaterThan(places.get("adapters n0")?.x ?? 0);
});
