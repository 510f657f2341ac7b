import { Button, EmptyState } from "@mantine/core";
import { IconSearchOff } from "@tabler/icons-react";
import type { Table } from "../../bindings";
import { icons } from "../../bindings/icons";
import { NewRowButtons } from "./NewRowButtons";

/** A table without rows: what belongs here, and the ways to add it. */
export function NoRowsYet({ table }: { table: Table }) {
  const Icon = icons[table.name];
  return (
    <EmptyState
      my="auto"
      pb={96}
      icon={<Icon stroke={1.2} />}
      title={`No ${table.plural} yet`}
      description={table.about}
    >
      <EmptyState.Actions>
        <NewRowButtons table={table} />
      </EmptyState.Actions>
    </EmptyState>
  );
}

type Props = { table: Table; search: string; onClear: () => void };

/** A search or a filter that no row matches. */
export function NoMatches({ table, search, onClear }: Props) {
  return (
    <EmptyState
      my="auto"
      pb={96}
      icon={<IconSearchOff stroke={1.2} />}
      title={search ? `No ${table.plural} match “${search}”` : `No ${table.plural} match this filter`}
    >
      <EmptyState.Actions>
        <Button variant="default" onClick={onClear}>
          Show all {table.plural}
        </Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
