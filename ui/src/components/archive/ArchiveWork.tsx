import { Button, Group, Text } from "@mantine/core";
import { useRef } from "react";
import type { ArchiveProgress, ArchiveStep } from "../../bindings";
import { formatBytes } from "../../format/numbers";
import { ProgressBar } from "../ProgressBar";

const steps: Record<ArchiveStep, string> = {
  listing: "Looking at files",
  rows: "Writing rows",
  hashing: "Hashing files",
  writing: "Writing the archive",
  checking: "Checking the archive",
  comparing: "Comparing with this workspace",
  unpacking: "Unpacking files",
  importing: "Importing rows",
};

/** The steps that count bytes. The others count rows, of which there are few. */
const inBytes: ArchiveStep[] = ["hashing", "writing", "checking", "unpacking"];

/** Milliseconds before which a rate says little. */
const settled = 1000;

type Props = {
  /** What the bar measures, for screen readers. */
  label: string;
  progress: ArchiveProgress | null;
  stopLabel: string;
  stopping: boolean;
  onStop: () => void;
};

/** The progress of an archive: its step with bytes and rate, and a Stop button. */
export function ArchiveWork({ label, progress, stopLabel, stopping, onStop }: Props) {
  const rate = useRate(progress);
  return (
    <Group gap="md" wrap="nowrap" mih={32} w="100%">
      <ProgressBar label={label} done={progress?.done ?? 0} total={progress?.total} />
      <Text size="sm" className="tabular" style={{ whiteSpace: "nowrap" }}>
        {progress && shown(progress, rate)}
      </Text>
      <Button variant="default" size="compact-sm" onClick={onStop} loading={stopping}>
        {stopLabel}
      </Button>
    </Group>
  );
}

/** "Writing the archive, 1.2 GB of 3.4 GB, 120 MB/s". */
function shown({ step, done, total }: ArchiveProgress, rate: number | null): string {
  if (!inBytes.includes(step) || total === null) return steps[step];
  const speed = rate === null ? "" : `, ${formatBytes(Math.round(rate))}/s`;
  return `${steps[step]}, ${formatBytes(done)} of ${formatBytes(total)}${speed}`;
}

/** Bytes a second since the step began; null while that says little. */
function useRate(progress: ArchiveProgress | null): number | null {
  const start = useRef({ step: null as ArchiveStep | null, at: 0, done: 0 });
  if (!progress) return null;
  const now = performance.now();
  if (start.current.step !== progress.step) {
    start.current = { step: progress.step, at: now, done: progress.done };
  }
  const passed = now - start.current.at;
  return passed < settled ? null : ((progress.done - start.current.done) / passed) * 1000;
}
