import { Anchor, Button, Group, NumberInput, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useEffect, useRef, useState } from "react";
import { useSetBackupRule } from "../../../api/backups";
import { toAppError } from "../../../api/errors";
import type { BackupRule } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { formatNumber } from "../../../format/numbers";

const bounds = { keep_last: [1, 1000], keep_days: [0, 3650] } as const;

/** The rule for keeping backups, with a form to change it. */
export function Rule({ rule }: { rule: BackupRule }) {
  const [editing, setEditing] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  const edited = useRef(false);
  // The form had the focus; it returns to the button that opened the form.
  useEffect(() => {
    if (!editing && edited.current) change.current?.focus();
    edited.current = editing;
  }, [editing]);
  if (editing) return <RuleForm rule={rule} onDone={() => setEditing(false)} />;
  return (
    <Text size="sm" c="dimmed">
      {ruleText(rule)} Manual backups stay until you delete them.{" "}
      <Anchor ref={change} component="button" type="button" size="sm" onClick={() => setEditing(true)}>
        Change what is kept
      </Anchor>
    </Text>
  );
}

function RuleForm({ rule, onDone }: { rule: BackupRule; onDone: () => void }) {
  const save = useSetBackupRule();
  const form = useForm<Record<keyof BackupRule, number | string>>({
    initialValues: rule,
    validateInputOnChange: true,
    validate: {
      keep_last: (value) => problemWith("keep_last", value),
      keep_days: (value) => problemWith("keep_days", value),
    },
  });
  const submit = form.onSubmit(({ keep_last, keep_days }) =>
    save.mutate({ keep_last: Number(keep_last), keep_days: Number(keep_days) }, { onSuccess: onDone }),
  );
  return (
    <form
      onSubmit={submit}
      noValidate
      aria-label="Which backups are kept"
      onKeyDown={(event) => event.key === "Escape" && onDone()}
    >
      {save.error && <Refusal error={toAppError(save.error)} mb={12} />}
      <Group align="flex-start" gap={16}>
        <NumberInput
          label="Keep the latest"
          w={168}
          data-autofocus
          autoFocus
          clampBehavior="none"
          allowDecimal={false}
          {...form.getInputProps("keep_last")}
        />
        <NumberInput
          label="Keep one a day for (days)"
          w={200}
          clampBehavior="none"
          allowDecimal={false}
          {...form.getInputProps("keep_days")}
        />
        <Group gap={8} mt={22}>
          <Button type="submit" loading={save.isPending} disabled={!form.isValid()}>
            Save
          </Button>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Group>
    </form>
  );
}

function problemWith(name: keyof BackupRule, value: number | string): string | null {
  const [least, most] = bounds[name];
  const number = value === "" ? Number.NaN : Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return null;
  return `A whole number from ${least} to ${formatNumber(most)}.`;
}

function ruleText({ keep_last, keep_days }: BackupRule): string {
  const latest = keep_last === 1 ? "The latest is kept" : `The latest ${formatNumber(keep_last)} are kept`;
  if (keep_days === 0) return `${latest}.`;
  return `${latest}, and one a day for ${keep_days === 1 ? "one day" : `${formatNumber(keep_days)} days`}.`;
}
