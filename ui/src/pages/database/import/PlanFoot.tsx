import { Button, Group, Text } from "@mantine/core";
import type { Imported, ImportProgress } from "../../../api/snapshots";
import type { TaskState } from "../../../api/useTask";
import { Refusal } from "../../../components/Refusal";
import css from "./Import.module.css";
import { ImportWork } from "./ImportWork";

type Props = {
  state: TaskState<Imported, ImportProgress>;
  /** The missing decisions; null if there are none. */
  obstacle: string | null;
  onImport: () => void;
  onStop: () => void;
  onReadAgain: () => void;
  onCancel: () => void;
};

/** The buttons below a plan, its missing decisions, and the progress or the refusal of the import. */
export function PlanFoot({ state, obstacle, onImport, onStop, onReadAgain, onCancel }: Props) {
  if (state.status === "running") {
    return (
      <div className={css.foot}>
        <ImportWork
          label="Importing"
          verb="imported"
          progress={state.progress}
          stopLabel="Stop importing"
          stopping={state.cancelling}
          onStop={onStop}
        />
      </div>
    );
  }
  const stopped = state.status === "cancelled" ? "The import was stopped. Nothing was changed." : null;
  return (
    <div className={css.foot}>
      {state.status === "failed" && <Refusal error={state.error} mb={12} />}
      <Group gap={8} wrap="nowrap">
        <Text size="sm" flex={1} role="status">
          {obstacle ?? stopped ?? "Nothing has changed yet. A backup is made before the import."}
        </Text>
        {state.status === "failed" && (
          <Button variant="default" onClick={onReadAgain}>
            Read again
          </Button>
        )}
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button onClick={onImport} disabled={obstacle !== null}>
          Import
        </Button>
      </Group>
    </div>
  );
}
