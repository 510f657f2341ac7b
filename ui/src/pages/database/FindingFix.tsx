import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { showError } from "../../api/errors";
import { rowOptions, useUpdate } from "../../api/store";
import { columnOf, tableOf } from "../../api/tables";
import type { Finding, TableName } from "../../bindings";
import { useDialogs } from "../../components/useDialogs";

type Props = {
  finding: Finding;
  /** Called after a fix, when the finding and its button may disappear. */
  onFixed: () => void;
};

/** A button that fixes a finding, if there is a way. */
export function FindingFix({ finding: { table, id, column: name, remedy }, onFixed }: Props) {
  const column = table && name ? columnOf(tableOf(table), name) : undefined;
  if (!table || !id || !column || !remedy) return null;
  // A required reference cannot be cleared, only changed.
  if (remedy === "clear_reference" && !column.required) {
    return <ClearReference table={table} id={id} column={column.name} onFixed={onFixed} />;
  }
  return column.in_form ? <EditRow table={table} id={id} /> : null;
}

type ClearProps = { table: TableName; id: string; column: string; onFixed: () => void };

function ClearReference({ table, id, column, onFixed }: ClearProps) {
  const update = useUpdate(table, id);
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={update.isPending}
      onClick={() => update.mutateAsync({ [column]: null }).then(onFixed, showError)}
    >
      Clear the reference
    </Button>
  );
}

function EditRow({ table, id }: { table: TableName; id: string }) {
  const client = useQueryClient();
  const { edit } = useDialogs();
  const open = () => client.fetchQuery(rowOptions(table, id)).then((row) => edit(table, row), showError);
  return (
    <Button variant="default" size="compact-sm" onClick={open}>
      Edit
    </Button>
  );
}
