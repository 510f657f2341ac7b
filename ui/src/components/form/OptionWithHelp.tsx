import { Text } from "@mantine/core";

/** A choice in an open list, above when one would choose it. */
export function OptionWithHelp({ label, help }: { label: string; help: string | undefined }) {
  return (
    <div>
      <Text size="sm">{label}</Text>
      <Text size="xs" c="dimmed">
        {help}
      </Text>
    </div>
  );
}
