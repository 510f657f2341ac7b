import { ActionIcon, Button, Group, NumberInput, Text, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconChevronsLeft, IconChevronsRight } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { amount } from "../../../components/words";

type Props = {
  offset: number;
  /** Rows on this page. */
  shown: number;
  pageSize: number;
  /** Rows in the file, once that is known. */
  total: number | null;
  /** Whether the page reaches the end of the file. */
  end: boolean;
  onOffset: (offset: number) => void;
  onLast: () => void;
};

/** Walks through the rows of a file page by page, or straight to a row. */
export function Pager({ offset, shown, pageSize, total, end, onOffset, onLast }: Props) {
  const [wanted, setWanted] = useState<number | string>("");

  function go(event: FormEvent) {
    event.preventDefault();
    if (typeof wanted === "number") onOffset(wanted - 1);
  }

  return (
    <Group gap={4}>
      <Step label="First rows" disabled={offset === 0} onClick={() => onOffset(0)} icon={IconChevronsLeft} />
      <Step
        label="Previous rows"
        disabled={offset === 0}
        onClick={() => onOffset(Math.max(0, offset - pageSize))}
        icon={IconChevronLeft}
      />
      <Text size="xs" className="tabular" role="status" px={4} style={{ whiteSpace: "nowrap" }}>
        {place(offset, shown, total)}
      </Text>
      <Step
        label="Next rows"
        disabled={end}
        onClick={() => onOffset(offset + pageSize)}
        icon={IconChevronRight}
      />
      <Step label="Last rows" disabled={end} onClick={onLast} icon={IconChevronsRight} />
      <form onSubmit={go} style={{ marginLeft: "auto" }}>
        <Group gap={4} wrap="nowrap">
          <NumberInput
            aria-label="Row to go to"
            placeholder="Row"
            size="xs"
            w={88}
            min={1}
            max={total ?? undefined}
            allowDecimal={false}
            allowNegative={false}
            thousandSeparator=","
            hideControls
            value={wanted}
            onChange={setWanted}
          />
          <Button type="submit" variant="default" disabled={typeof wanted !== "number"}>
            Go
          </Button>
        </Group>
      </form>
    </Group>
  );
}

type StepProps = { label: string; disabled: boolean; onClick: () => void; icon: typeof IconChevronLeft };

function Step({ label, disabled, onClick, icon: Icon }: StepProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} disabled={disabled} onClick={onClick}>
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

function place(offset: number, shown: number, total: number | null): string {
  if (shown === 0) return "No rows";
  const range = `${amount(offset + 1)} to ${amount(offset + shown)}`;
  return total === null ? range : `${range} of ${amount(total)}`;
}
