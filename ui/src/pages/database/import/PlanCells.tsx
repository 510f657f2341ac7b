import { Table, UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { Table as Resource } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import { counted } from "../../../format/texts";
import css from "./Import.module.css";

const colors = { error: "var(--mantine-color-error)", warning: "var(--warning)" };

/** A number, gray if it is zero. */
export function Count({ value, tone }: { value: number; tone?: keyof typeof colors }) {
  return (
    <Table.Td className={css.number} c={value === 0 ? "dimmed" : tone && colors[tone]}>
      {formatNumber(value)}
    </Table.Td>
  );
}

type UnfoldProps = { table: Resource; value: number; open: boolean; onToggle: () => void };

export function Unfold({ table, value, open, onToggle }: UnfoldProps) {
  if (value === 0) return <Count value={0} />;
  return (
    <Table.Td className={css.number}>
      <UnstyledButton
        className={css.unfold}
        aria-expanded={open}
        aria-label={`Show ${counted(value, table)} in conflict`}
        onClick={onToggle}
      >
        {formatNumber(value)}
        <IconChevronDown size={16} stroke={1.8} aria-hidden data-open={open || undefined} />
      </UnstyledButton>
    </Table.Td>
  );
}
