import { ActionIcon, Group, Text, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { formatNumber } from "../../../format/numbers";
import { WholeNumberInput } from "../WholeNumberInput";

type Props = {
  row: number;
  /** Whether there is no row after this one. */
  last: boolean;
  total: number | null;
  onRow: (row: number) => void;
};

/** Goes to the previous or next row of a dataset, or to one by its number. */
export function RowWalker({ row, last, total, onRow }: Props) {
  return (
    <Group gap={6} wrap="nowrap">
      <Tooltip label="Previous row (Alt Page Up)">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Previous row"
          disabled={row <= 1}
          onClick={() => onRow(row - 1)}
        >
          <IconChevronLeft size={16} />
        </ActionIcon>
      </Tooltip>
      <WholeNumberInput
        aria-label="Row"
        size="xs"
        w={84}
        max={total ?? undefined}
        value={row}
        onValue={onRow}
      />
      <Tooltip label="Next row (Alt Page Down)">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Next row"
          disabled={last}
          onClick={() => onRow(row + 1)}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </Tooltip>
      {total !== null && (
        <Text size="xs" c="dimmed" className="tabular" style={{ whiteSpace: "nowrap" }}>
          of {formatNumber(total)}
        </Text>
      )}
    </Group>
  );
}
