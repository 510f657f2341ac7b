import { Progress } from "@mantine/core";
import { progressPercent } from "../format/numbers";

type Props = { label: string; done: number; total: number | null | undefined; indeterminateColor?: string };

/** A bar with a screen-reader label. It is full and animated while the total is unknown. */
export function ProgressBar({ label, done, total, indeterminateColor }: Props) {
  const percent = progressPercent(done, total);
  return (
    <Progress.Root flex={1} size="sm" miw={60}>
      <Progress.Section
        aria-label={label}
        value={percent ?? 100}
        animated={percent === null}
        color={percent === null ? indeterminateColor : undefined}
      />
    </Progress.Root>
  );
}
