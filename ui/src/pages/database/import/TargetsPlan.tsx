import { Radio, Stack, Text } from "@mantine/core";
import type { TablePlan } from "../../../bindings";
import { plural } from "../../../format/texts";
import type { Decision } from "./choices";

type Props = {
  plan: TablePlan;
  decision: Decision | null;
  onChange: (decision: Decision) => void;
  disabled: boolean;
};

/** What an import does with the compute targets of the file, if it has any. */
export function TargetsPlan({ plan, decision, onChange, disabled }: Props) {
  return (
    <>
      {plan.new > 0 && (
        <Text size="sm">
          {plural(plan.new, "compute target is", "compute targets are")} new. Runs start there once you have
          confirmed {plan.new === 1 ? "it" : "them"} under Compute.
        </Text>
      )}
      {plan.conflicting > 0 && (
        <Radio.Group
          label={`${plural(plan.conflicting, "compute target is", "compute targets are")} stored with other settings`}
          value={decision}
          onChange={(value) => onChange(value as Decision)}
        >
          <Stack gap={8} mt={8}>
            <Radio value="keep" label="Keep the stored settings" disabled={disabled} />
            <Radio
              value="replace"
              label="Replace them by those of the file"
              description="Runs start there once you have confirmed the new settings."
              disabled={disabled}
            />
          </Stack>
        </Radio.Group>
      )}
    </>
  );
}
