import { Code, Group, Table, Text } from "@mantine/core";
import type { FileColumn } from "../../../bindings";
import { formatNumber } from "../../../format/numbers";
import { valueKindLabels } from "../labels";

/** Columns shown at most: a file of rows with different keys may have thousands. */
const most = 200;

type Props = {
  columns: FileColumn[];
  /** The number of rows that the columns were read from. */
  rows: number;
  /** Whether these are all rows of the file. */
  whole: boolean;
};

/** The columns with their guessed kinds, filled rows and sample values. */
export function ColumnList({ columns, rows, whole }: Props) {
  return (
    <>
      <Table verticalSpacing={6} aria-label="Columns">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Column</Table.Th>
            <Table.Th w={128}>Looks like</Table.Th>
            <Table.Th w={160}>Filled</Table.Th>
            <Table.Th>Values</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.slice(0, most).map((column, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may be there twice, which is what the person must see
            <Table.Tr key={at}>
              <Table.Td fw={500}>{column.name || "No name"}</Table.Td>
              <Table.Td>{valueKindLabels[column.kind]}</Table.Td>
              <Table.Td>{filling(column.filled, rows, whole)}</Table.Td>
              <Table.Td>
                <Group gap={6}>
                  {column.samples.map((sample) => (
                    <Code key={sample} title={sample} style={sampleStyle}>
                      {sample}
                    </Code>
                  ))}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {columns.length > most && (
        <Text c="dimmed" size="sm" py="xs">
          The first {most} of {formatNumber(columns.length)} columns are shown.
        </Text>
      )}
    </>
  );
}

const sampleStyle = {
  maxWidth: 440,
  overflow: "hidden",
  textOverflow: "ellipsis",
  whiteSpace: "nowrap",
} as const;

function filling(filled: number, rows: number, whole: boolean): string {
  const all = whole ? formatNumber(rows) : `the first ${formatNumber(rows)}`;
  if (filled < rows) return `${formatNumber(filled)} of ${all}`;
  return whole ? "In every row" : `In all of ${all}`;
}
