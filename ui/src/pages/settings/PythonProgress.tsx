import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import type { EnvironmentProgress } from "../../bindings";
import { bytes } from "../../components/words";

type Props = { progress: EnvironmentProgress | null; stopping: boolean; onStop: () => void };

/** Which step is under way, how much of its downloads is there, and the way to stop it. */
export function PythonProgress({ progress, stopping, onStop }: Props) {
  const { doing, done, total } = progress ?? { doing: "Looking for Python and uv", done: 0, total: null };
  const percent = total ? Math.min(100, Math.floor((done / total) * 100)) : null;
  return (
    <Stack gap={6}>
      <Group gap="md" wrap="nowrap" mih={32}>
        <Progress.Root flex={1} size="sm">
          <Progress.Section
            aria-label="Creating the environment"
            value={percent ?? 100}
            animated={percent === null}
          />
        </Progress.Root>
        {total !== null && (
          <Text size="sm" className="tabular" style={{ whiteSpace: "nowrap" }}>
            {bytes(done)} of {bytes(total)}
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
