import { Button, Group, Loader, Table, Text } from "@mantine/core";
import { Fragment, useId, useState } from "react";
import { toAppError } from "../../../api/errors";
import { useImportConflicts } from "../../../api/snapshots";
import { columnOf } from "../../../api/tables";
import type { Table as Resource, Value } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { formatNumber } from "../../../format/numbers";
import css from "./Import.module.css";

const shown = 10;

/** The conflicting rows of a table: each differing field, stored and in the file. */
export function ConflictRows({ table, total }: { table: Resource; total: number }) {
  const [offset, setOffset] = useState(0);
  // A key for each mount: the next plan may be of another file.
  const opening = useId();
  const { data, error, isPlaceholderData } = useImportConflicts(opening, table.name, offset, shown);
  if (error) return <Refusal error={toAppError(error)} />;
  if (!data) return <Loader size="xs" aria-label="Reading the conflicts" />;
  return (
    <>
      <Table
        className={css.conflicts}
        verticalSpacing={4}
        layout="fixed"
        aria-label={`${table.title} in conflict`}
        aria-busy={isPlaceholderData}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={200}>Field</Table.Th>
            <Table.Th>Here</Table.Th>
            <Table.Th>In the file</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.map(({ id, label, fields }) => (
            <Fragment key={id}>
              <Table.Tr className={css.conflict}>
                <Table.Th colSpan={3} scope="rowgroup">
                  {label}{" "}
                  <Text span c="dimmed" size="xs" className="selectable">
                    {id}
                  </Text>
                </Table.Th>
              </Table.Tr>
              {fields.map(({ column, here, there }) => (
                <Table.Tr key={column}>
                  <Table.Td>{columnOf(table, column)?.label ?? column}</Table.Td>
                  <Table.Td>
                    <Side table={table} column={column} value={here} />
                  </Table.Td>
                  <Table.Td>
                    <Side table={table} column={column} value={there} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
      {total > shown && (
        <Group gap={8} mt={8}>
          <Button
            variant="default"
            size="compact-sm"
            disabled={offset === 0}
            onClick={() => setOffset(offset - shown)}
          >
            Previous
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            disabled={offset + shown >= total}
            onClick={() => setOffset(offset + shown)}
          >
            Next
          </Button>
          <Text size="sm" c="dimmed" role="status" className="tabular">
            {formatNumber(offset + 1)} to {formatNumber(Math.min(offset + shown, total))} of{" "}
            {formatNumber(total)}
          </Text>
        </Group>
      )}
    </>
  );
}

function Side({ table, column: name, value }: { table: Resource; column: string; value: Value }) {
  const kind = columnOf(table, name)?.kind;
  if (value === null || value === "") {
    return (
      <Text size="sm" c="dimmed">
        {value === null ? "Empty" : "Empty text"}
      </Text>
    );
  }
  const choice = kind?.is === "choice" ? kind.options.find((option) => option.value === value) : undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return <div className={css.side}>{choice?.label ?? text}</div>;
}
