import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Run } from "../../bindings";
import { useElapsed } from "./useElapsed";

afterEach(() => vi.useRealTimers());

const started = "2026-11-23T12:00:00Z";
const run = (rest: Partial<Run>) =>
  ({ state: "running", started_at: started, ended_at: null, ...rest }) as Run;

test("the time of a run counts from its first second, and stops with the run", () => {
  vi.useFakeTimers({ now: Date.parse(started) });
  const { result, rerender } = renderHook(useElapsed, { initialProps: run({}) });
  expect(result.current).toBe(0);
  act(() => vi.advanceTimersByTime(1000));
  expect(result.current).toBe(1);
  act(() => vi.advanceTimersByTime(61_000));
  expect(result.current).toBe(62);

  rerender(run({ state: "succeeded", ended_at: "2026-11-23T12:01:05Z" }));
  act(() => vi.advanceTimersByTime(10_000));
  expect(result.current).toBe(65);
});

test("a queued run has no time", () => {
  const { result } = renderHook(useElapsed, { initialProps: run({ state: "queued", started_at: null }) });
  expect(result.current).toBeNull();
});
