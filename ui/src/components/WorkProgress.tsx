import { Button, Group, Progress, Text } from "@mantine/core";
import type { Progress as Done } from "../bindings";
import { amount } from "./words";

type Props = {
  /** What is going on, for those who can't see the bar. */
  label: string;
  progress: Done | null;
  /** What happened to the rows so far: "read". */
  verb: string;
  stopLabel: string;
  stopping: boolean;
  onStop: () => void;
};

/** How far long work is: a share where the whole is known, the rows in any case, and the way to stop it. */
export function WorkProgress({ label, progress, verb, stopLabel, stopping, onStop }: Props) {
  const percent = progress?.total ? Math.min(100, Math.floor((progress.done / progress.total) * 100)) : null;
  const rows = progress?.rows ?? 0;
  return (
    <Group gap="md" wrap="nowrap" mih={32} w="100%">
      <Progress.Root flex={1} size="sm">
        <Progress.Section aria-label={label} value={percent ?? 100} animated={percent === null} />
      </Progress.Root>
      <Text size="sm" className="tabular" style={{ whiteSpace: "nowrap" }}>
        {amount(rows)} {rows === 1 ? "row" : "rows"} {verb}
        {percent !== null && `, ${percent}%`}
      </Text>
      <Button variant="default" size="compact-sm" onClick={onStop} loading={stopping}>
        {stopLabel}
      </Button>
    </Group>
  );
}
