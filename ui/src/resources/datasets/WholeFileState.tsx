import { Button, Group, Text } from "@mantine/core";
import type { TaskState } from "../../api/useTask";
import { Refusal } from "../../components/Refusal";
import { WorkProgress } from "../../components/WorkProgress";

type Props = { state: TaskState<unknown>; label: string; onStop: () => void; onAgain: () => void };

/** The progress of reading a whole file, or the reason why it ended early. */
export function WholeFileState({ state, label, onStop, onAgain }: Props) {
  if (state.status === "running") {
    return (
      <WorkProgress
        label={label}
        verb="read"
        progress={state.progress}
        stopLabel="Cancel"
        stopping={state.cancelling}
        onStop={onStop}
      />
    );
  }
  if (state.status === "failed") return <Refusal error={state.error} onRetry={onAgain} />;
  if (state.status !== "cancelled") return null;
  return (
    <Group gap="md">
      <Text size="sm">Reading was stopped.</Text>
      <Button variant="default" size="compact-sm" onClick={onAgain}>
        Read the file
      </Button>
    </Group>
  );
}
