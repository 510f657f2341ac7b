import { Button, Table, Text, VisuallyHidden } from "@mantine/core";
import type { Problem } from "../../../bindings";
import { Severity } from "../../../components/Severity";
import { formatNumber } from "../../../format/numbers";
import type { Goal } from "../preview/RowsView";

type Props = {
  label: string;
  problems: Problem[];
  /** The number of all problems. `problems` may hold only the first of them. */
  total: number;
  /** Shown if there are no problems. */
  none: string;
  /** Shows the row of a problem. */
  onShow: (goal: Goal) => void;
};

/** Problems with their places, errors first. */
export function ProblemList({ label, problems, total, none, onShow }: Props) {
  if (problems.length === 0) {
    return (
      <Text c="dimmed" size="sm">
        {none}
      </Text>
    );
  }
  const worstFirst = [...problems].sort((a, b) => rank(a) - rank(b) || place(a) - place(b));
  return (
    <>
      <Table verticalSpacing={6} aria-label={label}>
        <VisuallyHidden component="thead">
          <Table.Tr>
            <Table.Th>Severity</Table.Th>
            <Table.Th>Place and problem</Table.Th>
            <Table.Th>Row</Table.Th>
          </Table.Tr>
        </VisuallyHidden>
        <Table.Tbody>
          {worstFirst.map((problem) => (
            <Table.Tr key={`${placeOf(problem)} ${problem.message}`}>
              <Table.Td w={34} style={{ verticalAlign: "top" }}>
                <Severity severity={problem.severity} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <Text size="xs" c="dimmed" className="tabular">
                  {placeOf(problem)}
                </Text>
                {problem.message}
              </Table.Td>
              <Table.Td w={100} ta="end">
                {problem.row !== null && (
                  <Button
                    variant="default"
                    size="compact-xs"
                    aria-label={`Show row ${formatNumber(problem.row)}`}
                    onClick={() => onShow({ row: Number(problem.row) - 1, field: problem.field })}
                  >
                    Show row
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {total > problems.length && (
        <Text c="dimmed" size="sm" py="xs">
          The first {formatNumber(problems.length)} of {formatNumber(total)} problems are shown.
        </Text>
      )}
    </>
  );
}

const place = ({ line, row }: Problem) => line ?? row ?? 0;

/** "Line 7, in messages". A problem without a line and a row concerns the whole file. */
function placeOf({ file, line, row, field }: Problem): string {
  const where =
    line !== null ? `Line ${formatNumber(line)}` : row !== null ? `Row ${formatNumber(row)}` : null;
  const parts = [file, where, field && `in ${field}`].filter((part) => part);
  return parts.join(", ") || "Whole file";
}

function rank(problem: Problem): number {
  return problem.severity === "error" ? 0 : 1;
}
