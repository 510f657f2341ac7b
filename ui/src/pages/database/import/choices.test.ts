import { expect, test } from "vitest";
import type { Plan } from "../../../bindings";
import { nothingDecided, policyOf, undecided } from "./choices";

const counts = { new: 0, same: 0, conflicting: 0, invalid: 0, duplicates: 0, dangling: 0, cleared: 0 };
const plan: Plan = {
  source: "all.json",
  kind: "json",
  tables: {},
  targets: counts,
  problems: [],
  problem_count: 0,
  warnings: [],
  warning_count: 0,
  skipped: [],
};

test("a new compute target is something to import", () => {
  expect(undecided(plan, nothingDecided)).toBe("With these choices there is nothing to import.");
  expect(undecided({ ...plan, targets: { ...counts, new: 1 } }, nothingDecided)).toBeNull();
});

test("compute targets in conflict wait for a decision, which is the policy", () => {
  const conflicting = { ...plan, targets: { ...counts, conflicting: 1 } };
  expect(undecided(conflicting, nothingDecided)).toMatch(/compute targets in conflict/);
  expect(policyOf(conflicting, nothingDecided).targets).toBeNull();
  const decided = { ...nothingDecided, targets: "replace" } as const;
  expect(undecided(conflicting, decided)).toBeNull();
  expect(policyOf(conflicting, decided).targets).toBe("replace");
});
