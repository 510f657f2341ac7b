import { Table, Text, VisuallyHidden } from "@mantine/core";
import type { Problem } from "../../../bindings";
import { Severity } from "../../../components/Severity";
import { amount } from "../../../components/words";

type Props = {
  problems: Problem[];
  /** All problems of the file; `problems` may hold only the first of them. */
  total: number;
  /** Whether the file was read to its end. */
  whole: boolean;
};

/** Everything that is wrong or odd, errors first. */
export function ProblemList({ problems, total, whole }: Props) {
  if (problems.length === 0) {
    return (
      <Text c="dimmed" size="sm" py="md">
        {whole ? "No problems were found." : "No problems were found so far."}
      </Text>
    );
  }
  const worstFirst = [...problems].sort((a, b) => rank(a) - rank(b) || place(a) - place(b));
  return (
    <>
      <Table verticalSpacing={6} aria-label="Problems">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40}>
              <VisuallyHidden>Severity</VisuallyHidden>
            </Table.Th>
            <Table.Th w={112}>Line</Table.Th>
            <Table.Th>What is wrong</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {worstFirst.map((problem) => (
            <Table.Tr key={`${problem.file} ${problem.line ?? problem.row} ${problem.message}`}>
              <Table.Td>
                <Severity severity={problem.severity} />
              </Table.Td>
              <Table.Td>{placeOf(problem)}</Table.Td>
              <Table.Td>{problem.message}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {total > problems.length && (
        <Text c="dimmed" size="sm" py="xs">
          The first {amount(problems.length)} of {amount(total)} problems are shown.
        </Text>
      )}
    </>
  );
}

const place = ({ line, row }: Problem) => line ?? row ?? 0;

function placeOf({ file, line, row }: Problem): string {
  const where = line !== null ? amount(line) : row !== null ? `Row ${amount(row)}` : null;
  return [file, where].filter((part) => part !== null).join(", ") || "Whole file";
}

function rank(problem: Problem): number {
  return problem.severity === "error" ? 0 : 1;
}
