import { expect, test } from "vitest";
import type { Elsewhere, Phase, Run } from "../../bindings";
import { goingThere, keepsStop, silence } from "./elsewhere";

const there = (phase: Phase, more: Partial<Elsewhere> = {}): Elsewhere => ({
  target: "t",
  name: "gpu-box",
  host: "gpu-box",
  attempt: 1,
  phase,
  handle: null,
  reason: null,
  place: null,
  starts_at: null,
  unreachable_since: null,
  unreachable_why: null,
  sent: 0,
  to_send: 0,
  fetched: 0,
  to_fetch: 0,
  stop_delivered: null,
  left_there: null,
  ...more,
});

test.each<[Elsewhere, string | null]>([
  [there("sending"), "Sending"],
  [there("sending", { sent: 40e6, to_send: 300e6 }), "Sending: 40 MB of 300 MB"],
  [there("starting"), "Starting on gpu-box"],
  [there("waiting"), "In the queue of gpu-box"],
  [there("waiting", { reason: "Resources.", place: 3 }), "Resources, place 3"],
  [there("running"), null],
  [there("fetching", { fetched: 1e6, to_fetch: 2e6 }), "Bringing the results here: 1.0 MB of 2.0 MB"],
  [there("done"), null],
])("how far a run elsewhere is: %#", (elsewhere, text) => {
  expect(goingThere(elsewhere)?.text ?? null).toBe(text);
});

test("a silent target is marked with the time, and keeps a stop that it does not know of", () => {
  const since = new Date();
  since.setHours(10, 42, 0, 0);
  const silent = there("running", { unreachable_since: since.toISOString() });
  expect(silence(silent)).toMatch(/^Not reached since .*10:42/);
  expect(silence(there("running"))).toBeNull();
  const stopping = { state: "stopping" } as Run;
  expect(keepsStop(stopping, silent)).toBe(true);
  expect(keepsStop(stopping, { ...silent, stop_delivered: "2026-01-01T00:00:00Z" })).toBe(false);
  expect(keepsStop(stopping, there("running"))).toBe(false);
});
