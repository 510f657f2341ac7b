import { Button, Group, List, Loader, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { toAppError } from "../../api/errors";
import { useExample, useRemoveExample } from "../../api/example";
import { tableOf } from "../../api/tables";
import type { Dependents } from "../../bindings";
import { counted, joinAnd } from "../../format/texts";
import { useUndo } from "../deletion/useUndo";
import { Refusal } from "../Refusal";

/** Asks what to do with changed rows of the example and with rows that refer to it. */
export function RemoveExampleDialog({ onClose }: { onClose: () => void }) {
  const { data: example, error } = useExample();
  const remove = useRemoveExample();
  const { noteDeleted } = useUndo();
  const [changed, setChanged] = useState<"remove" | "keep" | null>(null);
  const [dependents, setDependents] = useState<Dependents | null>(null);
  const hasChanged = (example?.changed.length ?? 0) > 0;
  // Changed rows that are kept may refer to removed ones.
  const referred = (example?.dependents.length ?? 0) > 0 || changed === "keep";
  const ready = example && (!hasChanged || changed) && (!referred || dependents);
  const others = example?.dependents.map(({ table, rows }) => counted(rows, tableOf(table))) ?? [];

  const confirm = async () => {
    try {
      const { deletion } = await remove.mutateAsync({
        withChanged: hasChanged ? changed === "remove" : null,
        dependents: (referred && dependents) || "refuse",
      });
      noteDeleted(deletion, "The example workspace was removed.");
      onClose();
    } catch {
      // The dialog shows the error and stays open.
    }
  };

  return (
    <Modal opened onClose={onClose} title="Remove the example workspace?" size={480}>
      <Stack gap={16}>
        {remove.error && <Refusal error={toAppError(remove.error)} />}
        {error && <Refusal error={toAppError(error)} />}
        {!example && !error && <Loader size="sm" aria-label="Looking at the example" />}
        {example && hasChanged && (
          <div>
            <Text size="sm">Changed since it was loaded:</Text>
            <List size="sm" mb={12}>
              {example.changed.map(({ table, id, label }) => (
                <List.Item key={id}>
                  {label}{" "}
                  <Text span inherit c="dimmed">
                    {tableOf(table).singular}
                  </Text>
                </List.Item>
              ))}
            </List>
            <Radio.Group
              label="What was changed"
              value={changed}
              onChange={(next) => setChanged(next as "remove" | "keep")}
            >
              <Stack gap={12} mt={8}>
                <Radio value="keep" label="Keep it" />
                <Radio value="remove" label="Remove it too" />
              </Stack>
            </Radio.Group>
          </div>
        )}
        {example && referred && (
          <Radio.Group
            label="What refers to the example"
            description={others.length > 0 ? joinAnd(others) : undefined}
            value={dependents}
            onChange={(next) => setDependents(next as Dependents)}
          >
            <Stack gap={12} mt={8}>
              <Radio
                value="detach"
                label="Keep it, without the reference"
                description="The fields that refer to the removed rows become empty."
              />
              <Radio value="delete" label="Remove it too" />
            </Stack>
          </Radio.Group>
        )}
        <Text size="xs" c="dimmed">
          What is removed is kept for thirty days. Ctrl Z brings it back, and so does the Deleted page.
        </Text>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red" loading={remove.isPending} disabled={!ready} onClick={confirm}>
            Remove
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
