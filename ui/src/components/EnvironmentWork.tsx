import { Button, Group, Stack, Text } from "@mantine/core";
import type { EnvironmentProgress } from "../bindings";
import { formatBytes } from "../format/numbers";
import { ProgressBar } from "./ProgressBar";

type Props = {
  progress: EnvironmentProgress | null;
  stopping: boolean;
  /** What the button says, "Cancel" by default. */
  stopLabel?: string;
  onStop: () => void;
};

/** The step of the creation, the downloaded bytes, and a button that stops it. */
export function EnvironmentWork({ progress, stopping, stopLabel = "Cancel", onStop }: Props) {
  const { doing, done, total } = progress ?? { doing: "Looking for Python and uv", done: 0, total: null };
  return (
    <Stack gap={6}>
      <Group gap="md" wrap="nowrap" mih={32}>
        <ProgressBar label="Creating the environment" done={done} total={total} />
        {total !== null && (
          <Text size="sm" className="tabular" style={{ whiteSpace: "nowrap" }}>
            {formatBytes(done)} of {formatBytes(total)}
          </Text>
        )}
        <Button variant="default" size="compact-sm" onClick={onStop} loading={stopping}>
          {stopLabel}
        </Button>
      </Group>
      <Text size="sm" role="status">
        {doing}…
      </Text>
    </Stack>
  );
}
