import { Checkbox, Table, Text, Title } from "@mantine/core";
import { isTableName, tableOf } from "../../../api/tables";
import type { SourceProblem } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import css from "./Import.module.css";

type Props = {
  title: string;
  /** The first thousand at most. */
  problems: SourceProblem[];
  /** The number of all problems. */
  count: number;
  leaveOut?: boolean;
  /** Absent in a report. */
  onLeaveOut?: (leaveOut: boolean) => void;
  disabled?: boolean;
};

/** Rows of a file that cannot be imported, with the place and the reason. */
export function Problems({ title, problems, count, leaveOut, onLeaveOut, disabled }: Props) {
  return (
    <section aria-label={title}>
      <Title order={3} mb={8}>
        {title}
      </Title>
      {onLeaveOut && (
        <Checkbox
          mb={12}
          label="Leave these out"
          description="The rest is imported, and the report names what was left out."
          checked={leaveOut}
          onChange={({ currentTarget: { checked } }) => onLeaveOut(checked)}
          disabled={disabled}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <div className={css.problems} tabIndex={0} role="group" aria-label={`${title}: list`}>
        <Table verticalSpacing={4} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Table</Table.Th>
              <Table.Th className={css.number}>Row</Table.Th>
              <Table.Th>Column</Table.Th>
              <Table.Th w="60%">Why</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {problems.map(({ table, row, column, message }) => (
              <Table.Tr key={`${table} ${row} ${column} ${message}`}>
                <Table.Td>{isTableName(table) ? tableOf(table).title : table}</Table.Td>
                <Table.Td className={css.number}>{row === null ? "" : formatNumber(row)}</Table.Td>
                <Table.Td>{column}</Table.Td>
                <Table.Td>{message}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {count > problems.length && (
        <Text size="sm" c="dimmed" mt={4}>
          The first {formatNumber(problems.length)} of {formatNumber(count)} are shown.
        </Text>
      )}
    </section>
  );
}
