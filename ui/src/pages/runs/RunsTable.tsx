import { Table } from "@mantine/core";
import type { ReactNode } from "react";
import type { Run } from "../../bindings";
import css from "./Compare.module.css";

type Line = { id: string; head: ReactNode; title?: string; values: ReactNode[] };

/** A table with a column for each run. */
export function RunsTable({ corner, runs, lines }: { corner: string; runs: Run[]; lines: Line[] }) {
  return (
    <div className={css.scroll}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{corner}</Table.Th>
            {runs.map(({ id, name }) => (
              <Table.Th key={id}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ id, head, title, values }) => (
            <Table.Tr key={id}>
              <Table.Th scope="row" title={title}>
                {head}
              </Table.Th>
              {values.map((value, at) => (
                <Table.Td key={runs[at]?.id ?? id} className="tabular">
                  {value}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
