import { Button, Group, Text } from "@mantine/core";
import type { Progress as Done } from "../bindings";
import { progressPercent } from "../format/numbers";
import { plural } from "../format/texts";
import { ProgressBar } from "./ProgressBar";

type Props = {
  /** What the bar measures, for screen readers. */
  label: string;
  progress: Done | null;
  /** A past participle after the number of rows: "read". */
  verb: string;
  stopLabel: string;
  stopping: boolean;
  onStop: () => void;
};

/** The progress of long work in rows, and in percent if the total is known, with a Stop button. */
export function WorkProgress({ label, progress, verb, stopLabel, stopping, onStop }: Props) {
  const percent = progressPercent(progress?.done ?? 0, progress?.total);
  const rows = progress?.rows ?? 0;
  return (
    <Group gap="md" wrap="nowrap" mih={32} w="100%">
      <ProgressBar label={label} done={progress?.done ?? 0} total={progress?.total} />
      <Text size="sm" className="tabular" style={{ whiteSpace: "nowrap" }}>
        {plural(rows, "row")} {verb}
        {percent !== null && `, ${Math.floor(percent)}%`}
      </Text>
      <Button variant="default" size="compact-sm" onClick={onStop} loading={stopping}>
        {stopLabel}
      </Button>
    </Group>
  );
}
