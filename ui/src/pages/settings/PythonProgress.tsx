import { Button, Group, Stack, Text } from "@mantine/core";
import type { EnvironmentProgress } from "../../bindings";
import { ProgressBar } from "../../components/ProgressBar";
import { formatBytes } from "../../format/numbers";

type Props = { progress: EnvironmentProgress | null; stopping: boolean; onStop: () => void };

/** The step of the creation, the downloaded bytes, and a Cancel button. */
export function PythonProgress({ progress, stopping, onStop }: Props) {
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
          Cancel
        </Button>
      </Group>
      <Text size="sm" role="status">
        {doing}…
      </Text>
    </Stack>
  );
}
