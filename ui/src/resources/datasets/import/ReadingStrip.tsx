import { Badge, Button, Group, Text, Tooltip } from "@mantine/core";
import type { TaskState } from "../../../api/useTask";
import type { Diagnosis, Scan } from "../../../bindings";
import { WorkProgress } from "../../../components/WorkProgress";
import { formatBytes } from "../../../format/numbers";
import { plural } from "../../../format/texts";
import { shapeLabels } from "../doctor/shapeLabels";

type Props = {
  state: TaskState<Scan>;
  /** Null until every row was checked. */
  diagnosis: Diagnosis | null;
  onCancel: () => void;
  onAgain: () => void;
};

/** The progress of reading the whole file, and its result. */
export function ReadingStrip({ state, diagnosis, onCancel, onAgain }: Props) {
  if (state.status === "running") {
    return (
      <WorkProgress
        label="Reading the file"
        verb="read"
        progress={state.progress}
        stopLabel="Stop reading"
        stopping={state.cancelling}
        onStop={onCancel}
      />
    );
  }
  if (state.status === "done") {
    const { result } = state;
    return (
      <Group h={32} gap="xs" role="status">
        <Text size="sm" fw={500}>
          {plural(result.rows, "row")}
        </Text>
        <Text size="sm" c="dimmed">
          in {plural(result.columns.length, "column")}, {formatBytes(result.bytes)}. The whole file was read.
        </Text>
        {diagnosis && (
          <Tooltip label={diagnosis.why}>
            <Badge variant="light" tt="none" style={{ flex: "none" }}>
              {shapeLabels[diagnosis.shape]}
            </Badge>
          </Tooltip>
        )}
      </Group>
    );
  }
  if (state.status === "idle") return null;
  return (
    <Group h={32} gap="md">
      <Text size="sm">
        {state.status === "cancelled"
          ? "Reading was stopped. A file must be read completely before it is imported."
          : "The file could not be read completely."}
      </Text>
      <Button variant="default" size="compact-sm" onClick={onAgain}>
        Read again
      </Button>
    </Group>
  );
}
