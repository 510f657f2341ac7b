import { Text, Tooltip } from "@mantine/core";
import { formatAgo, formatTime } from "../format/times";

/** A relative time with the exact one on hover. Rows from other programs have no times. */
export function Time({ value }: { value: string | null }) {
  const time = value ? new Date(value) : null;
  if (!value || !time || Number.isNaN(time.getTime())) return null;
  return (
    <Tooltip label={formatTime(time)}>
      <Text component="time" dateTime={value} inherit>
        {formatAgo(time)}
      </Text>
    </Tooltip>
  );
}
