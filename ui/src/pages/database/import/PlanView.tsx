import { Radio, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { OnDangling, Plan } from "../../../bindings";
import { joinAnd, plural } from "../../../format/texts";
import { type Choices, total } from "./choices";
import css from "./Import.module.css";
import { PlanTable } from "./PlanTable";
import { Problems } from "./Problems";
import { SkippedParts } from "./SkippedParts";

type Props = {
  plan: Plan;
  /** What the file is, if it is more than its rows. */
  kind?: string;
  choices: Choices;
  onChange: (choices: Choices) => void;
  disabled: boolean;
  /** What else the file holds. */
  children?: ReactNode;
};

/** The plan of an import, with all decisions. */
export function PlanView({ plan, kind, choices, onChange, disabled, children }: Props) {
  const [dangling, duplicates, cleared] = [
    total(plan, "dangling"),
    total(plan, "duplicates"),
    total(plan, "cleared"),
  ];
  return (
    <div className={css.parts}>
      <Text size="sm">
        {kind ?? (plan.kind === "json" ? "A JSON snapshot" : "An SQLite database")} with {summary(plan)}.
      </Text>
      <PlanTable
        plan={plan}
        conflicts={choices.conflicts}
        onChange={(conflicts) => onChange({ ...choices, conflicts })}
        disabled={disabled}
      />
      {children}
      {plan.targets.new > 0 && (
        <Text size="sm">
          It brings {plural(plan.targets.new, "compute target")}. No run starts there before you confirm the
          settings on the page Compute.
        </Text>
      )}
      {duplicates > 0 && (
        <Text size="sm" c="dimmed">
          Duplicates are new rows with the same content as a stored row under another identifier. They are
          added as well.
        </Text>
      )}
      {cleared > 0 && (
        <Text size="sm" c="dimmed">
          In {plural(cleared, "row")} an empty text stands where a reference could be. The field becomes
          empty.
        </Text>
      )}
      {plan.problem_count > 0 && (
        <Problems
          title="Can’t be imported"
          problems={plan.problems}
          count={plan.problem_count}
          leaveOut={choices.leaveOut}
          onLeaveOut={(leaveOut) => onChange({ ...choices, leaveOut })}
          disabled={disabled}
        />
      )}
      {dangling > 0 && (
        <Radio.Group
          label={`${plural(dangling, "row refers", "rows refer")} to a row that is neither stored nor in the file`}
          value={choices.dangling}
          onChange={(value) => onChange({ ...choices, dangling: value as OnDangling })}
        >
          <Stack gap={8} mt={8}>
            <Radio
              value="keep"
              label="Keep these references as they are"
              description="Nothing is lost. The check will list them."
              disabled={disabled}
            />
            <Radio
              value="clear"
              label="Clear these references"
              description="The fields become empty."
              disabled={disabled}
            />
          </Stack>
        </Radio.Group>
      )}
      {plan.warning_count > 0 && (
        <Problems title="Imported as they are" problems={plan.warnings} count={plan.warning_count} />
      )}
      <SkippedParts skipped={plan.skipped} />
    </div>
  );
}

/** "5 new rows, 1 row that is here already and 2 that are here with other content". */
function summary(plan: Plan): string {
  const [fresh, same, conflicting] = [total(plan, "new"), total(plan, "same"), total(plan, "conflicting")];
  const are = (rows: number) => `${plural(rows, "row")} that ${rows === 1 ? "is" : "are"}`;
  const said = [
    fresh > 0 && plural(fresh, "new row"),
    same > 0 && `${are(same)} here already`,
    conflicting > 0 && `${are(conflicting)} here with other content`,
  ].filter((part) => part !== false);
  if (said.length === 0) return "no rows that can be imported";
  return joinAnd(said);
}
