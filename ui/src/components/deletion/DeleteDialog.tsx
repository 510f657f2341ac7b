import { Button, Group, Loader, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { toAppError } from "../../api/errors";
import { useDelete, useDeletionPlan, useRow } from "../../api/store";
import { tableOf } from "../../api/tables";
import type { DeletionPlan, Dependents, TableName } from "../../bindings";
import { capitalize, counted, joinAnd } from "../../format/texts";
import { Refusal } from "../Refusal";
import type { DeletionRequest } from "../useDialogs";
import { Referrers } from "./Referrers";
import { useUndo } from "./useUndo";

type Props = { deletion: DeletionRequest; onClose: () => void };

/** Confirms a deletion, and asks what to do with the rows that refer to the deleted ones. */
export function DeleteDialog({ deletion: { table: name, ids, onDeleted }, onClose }: Props) {
  const table = tableOf(name);
  const plan = useDeletionPlan(name, ids);
  const remove = useDelete(name);
  const { noteDeleted } = useUndo();
  const [choice, setChoice] = useState<Dependents | null>(null);
  const what = useWhat(name, ids);
  const referred = plan.data?.direct.some(({ total }) => total > 0) ?? false;
  const dependents = referred ? choice : "refuse";

  const confirm = async () => {
    if (!dependents) return;
    try {
      const { deletion, deleted, detached } = await remove.mutateAsync({ ids, dependents });
      const gone = deleted
        .filter(({ rows }) => rows > 0)
        .map(({ table, rows }) => counted(rows, tableOf(table)));
      noteDeleted(
        deletion,
        `${listOf(gone)} deleted.${detached > 0 ? ` ${detached} left without the reference.` : ""}`,
      );
      onClose();
      onDeleted?.();
    } catch {
      // The dialog shows the error and stays open. The referring rows may have changed meanwhile.
      await plan.refetch();
    }
  };

  return (
    <Modal opened onClose={onClose} title={`Delete ${what}?`} size={480}>
      <Stack gap={16}>
        {remove.error && <Refusal error={toAppError(remove.error)} />}
        {plan.error && <Refusal error={toAppError(plan.error)} onRetry={() => void plan.refetch()} />}
        {plan.isPending && <Loader size="sm" aria-label="Looking for what refers to it" />}
        {plan.data && !referred && (
          <Text size="sm">
            Nothing refers to {ids.length === 1 ? `this ${table.singular}` : `these ${table.plural}`}.
          </Text>
        )}
        {plan.data && referred && (
          <>
            <Referrers plan={plan.data} />
            <Choice plan={plan.data} of={ids.length} value={choice} onChange={setChoice} />
          </>
        )}
        <Text size="xs" c="dimmed">
          What is deleted is kept for thirty days. Ctrl Z brings it back, and so does the Deleted page.
        </Text>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            disabled={!plan.data || !dependents}
            onClick={confirm}
          >
            {choice === "delete" && referred ? "Delete all" : "Delete"}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

type ChoiceProps = {
  plan: DeletionPlan;
  /** How many rows are to be deleted. */
  of: number;
  value: Dependents | null;
  onChange: (value: Dependents) => void;
};

function Choice({ plan, of, value, onChange }: ChoiceProps) {
  const referrers = plan.direct.reduce((sum, { total }) => sum + total, 0);
  const all = plan.cascade
    .filter(({ rows }) => rows > 0)
    .map(({ table, rows }) => counted(rows, tableOf(table)));
  return (
    <Radio.Group
      label={`What refers to ${pronoun(of)}`}
      value={value}
      onChange={(next) => onChange(next as Dependents)}
    >
      <Stack gap={12} mt={8}>
        <Radio
          value="detach"
          label={`Keep ${pronoun(referrers)}, without the reference`}
          description="The fields that refer to the deleted rows become empty."
        />
        <Radio
          value="delete"
          label={`Delete ${pronoun(referrers)} too`}
          description={`In all: ${listOf(all)}.`}
        />
      </Stack>
    </Radio.Group>
  );
}

const pronoun = (count: number) => (count === 1 ? "it" : "them");

/** The name of a single row, or the number of rows. */
function useWhat(table: TableName, ids: string[]): string {
  const [only] = ids;
  const row = useRow(table, only ?? "", ids.length === 1);
  if (ids.length !== 1) return counted(ids.length, tableOf(table));
  return row.data ? `“${row.data.label}”` : `this ${tableOf(table).singular}`;
}

function listOf(parts: string[]): string {
  return capitalize(joinAnd(parts));
}
