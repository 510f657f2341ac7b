import { tableOf } from "../../../api/tables";
import type { ImportPolicy, OnConflict, OnDangling, Plan, TableName, TablePlan } from "../../../bindings";
import { TABLES } from "../../../bindings";
import { counted, joinAnd } from "../../../format/texts";

export type Decision = Exclude<OnConflict, "abort">;

/** The user's decisions about an import. Tables that are not in `conflicts` are undecided. */
export type Choices = {
  conflicts: Partial<Record<TableName, Decision>>;
  dangling: OnDangling;
  leaveOut: boolean;
};

export const nothingDecided: Choices = { conflicts: {}, dangling: "keep", leaveOut: false };

const none: TablePlan = {
  new: 0,
  same: 0,
  conflicting: 0,
  invalid: 0,
  duplicates: 0,
  dangling: 0,
  cleared: 0,
};

export function planOf(plan: Plan, table: TableName): TablePlan {
  return plan.tables[table] ?? none;
}

export function total(plan: Plan, what: keyof TablePlan): number {
  return TABLES.reduce((sum, { name }) => sum + planOf(plan, name)[what], 0);
}

export function conflictingTables(plan: Plan): TableName[] {
  return TABLES.map(({ name }) => name).filter((name) => planOf(plan, name).conflicting > 0);
}

/** The decisions as a policy. The import aborts at conflicts that arose after the plan. */
export function policyOf(plan: Plan, { conflicts, dangling, leaveOut }: Choices): ImportPolicy {
  return {
    on_conflict: "abort",
    tables: conflicts,
    on_dangling: dangling,
    skip_invalid: leaveOut && plan.problem_count > 0,
  };
}

/** The decisions that are missing before the import can start, as a sentence; null if none is. */
export function undecided(plan: Plan, { conflicts, leaveOut }: Choices): string | null {
  const open = conflictingTables(plan).filter((table) => !conflicts[table]);
  const said: string[] = [];
  if (open.length > 0) {
    const what = joinAnd(open.map((table) => counted(planOf(plan, table).conflicting, tableOf(table))));
    said.push(`Decide what happens to ${what} in conflict.`);
  }
  if (plan.problem_count > 0 && !leaveOut) said.push("Agree to leave out the rows that can’t be imported.");
  if (said.length > 0) return said.join(" ");
  const replaced = conflictingTables(plan).some((table) => conflicts[table] === "replace");
  const brings = total(plan, "new") + plan.targets.new;
  if (brings === 0 && !replaced) return "With these choices there is nothing to import.";
  return null;
}
