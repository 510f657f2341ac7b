import { Table } from "@mantine/core";
import { Fragment, useState } from "react";
import { type Plan, TABLES, type TableName } from "../../../bindings";
import { ConflictRows } from "./ConflictRows";
import { type Choices, conflictingTables, type Decision, planOf } from "./choices";
import { Decide } from "./Decide";
import css from "./Import.module.css";
import { Count, Unfold } from "./PlanCells";

type Props = {
  plan: Plan;
  conflicts: Choices["conflicts"];
  onChange: (conflicts: Choices["conflicts"]) => void;
  disabled: boolean;
};

/** One line for each table. A line with conflicts unfolds to the rows and has a decision. */
export function PlanTable({ plan, conflicts, onChange, disabled }: Props) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<TableName>>(new Set());
  const inConflict = conflictingTables(plan);
  const decide = (tables: TableName[], decision: Decision) =>
    onChange({ ...conflicts, ...Object.fromEntries(tables.map((table) => [table, decision])) });
  const toggle = (table: TableName) =>
    setUnfolded((old) => {
      const next = new Set(old);
      if (!next.delete(table)) next.add(table);
      return next;
    });
  const [first] = inConflict.map((table) => conflicts[table]);
  const common = inConflict.every((table) => conflicts[table] === first) ? first : undefined;

  return (
    <Table.ScrollContainer minWidth={880}>
      <Table verticalSpacing={6} className={css.plan} aria-label="What the import would do">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Resource</Table.Th>
            <Table.Th className={css.number}>New</Table.Th>
            <Table.Th className={css.number}>Same</Table.Th>
            <Table.Th className={css.number}>Can’t be imported</Table.Th>
            <Table.Th className={css.number}>Duplicates</Table.Th>
            <Table.Th className={css.number}>Lost references</Table.Th>
            <Table.Th className={css.number}>Conflicting</Table.Th>
            <Table.Th className={css.decision}>
              {inConflict.length > 0 && "What to do with conflicts"}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {inConflict.length > 1 && (
            <Table.Tr>
              <Table.Td colSpan={7} ta="right" c="dimmed">
                For all conflicts
              </Table.Td>
              <Table.Td>
                <Decide
                  label="All conflicts"
                  value={common}
                  onChange={(decision) => decide(inConflict, decision)}
                  disabled={disabled}
                />
              </Table.Td>
            </Table.Tr>
          )}
          {TABLES.map((table) => {
            const found = planOf(plan, table.name);
            const open = unfolded.has(table.name);
            return (
              <Fragment key={table.name}>
                <Table.Tr>
                  <Table.Th scope="row">{table.title}</Table.Th>
                  <Count value={found.new} />
                  <Count value={found.same} />
                  <Count value={found.invalid} tone="error" />
                  <Count value={found.duplicates} />
                  <Count value={found.dangling} tone="warning" />
                  <Unfold
                    table={table}
                    value={found.conflicting}
                    open={open}
                    onToggle={() => toggle(table.name)}
                  />
                  <Table.Td>
                    {found.conflicting > 0 && (
                      <Decide
                        label={`Conflicting ${table.plural}`}
                        value={conflicts[table.name]}
                        onChange={(decision) => decide([table.name], decision)}
                        disabled={disabled}
                      />
                    )}
                  </Table.Td>
                </Table.Tr>
                {open && (
                  <Table.Tr>
                    <Table.Td colSpan={8} className={css.unfolded}>
                      <ConflictRows table={table} total={found.conflicting} />
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
