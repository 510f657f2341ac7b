import { Text, Tooltip } from "@mantine/core";
import { formatAgo, formatTime } from "../format/times";

/** Relative, with the exact time on hover; nothing for a row whose times are not known. */
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
