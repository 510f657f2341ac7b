import { Button, Loader, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { useDeletedRow } from "../../api/deleted";
import { toAppError } from "../../api/errors";
import { tableOf } from "../../api/tables";
import type { DeletedRow, Deletion } from "../../bindings";
import { icons } from "../../bindings/icons";
import { useUndeleteOrAsk } from "../../components/deletion/useUndo";
import { RawRow } from "../../components/detail/RawRow";
import { Facts } from "../../components/Facts";
import { Refusal } from "../../components/Refusal";
import { formatNumber } from "../../format/numbers";
import css from "./Deleted.module.css";

/** The rows of a deletion. Each can be viewed and restored. */
export function DeletedRows({ deletion }: { deletion: Deletion }) {
  const [shown, setShown] = useState<DeletedRow | null>(null);
  const undelete = useUndeleteOrAsk();
  const total = deletion.counts.reduce((sum, { rows }) => sum + rows, 0);
  const more = total - deletion.rows.length;
  return (
    <>
      <ul className={css.rows}>
        {deletion.rows.map((row) => {
          const Icon = icons[row.table];
          const { singular } = tableOf(row.table);
          return (
            <li key={`${row.table} ${row.id}`} className={css.row}>
              <Icon size={16} stroke={1.6} aria-hidden />
              <span className={css.name} title={row.label}>
                {row.label}
              </span>
              <Text size="xs" c="dimmed">
                {singular}
              </Text>
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={`Show ${singular} ${row.label}`}
                onClick={() => setShown(row)}
              >
                Show
              </Button>
              {total > 1 && (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  aria-label={`Bring back only ${singular} ${row.label}`}
                  onClick={() => void undelete(deletion.id, [{ table: row.table, id: row.id }])}
                >
                  Bring back only this
                </Button>
              )}
            </li>
          );
        })}
        {more > 0 && (
          <li className={css.row}>
            <Text size="sm" c="dimmed">
              and {formatNumber(more)} more
            </Text>
          </li>
        )}
      </ul>
      {shown && (
        <Modal opened onClose={() => setShown(null)} title={shown.label} size={640}>
          <Content deletion={deletion.id} row={shown} />
        </Modal>
      )}
    </>
  );
}

/** The filled columns of a deleted row. */
function Content({ deletion, row: { table, id } }: { deletion: number; row: DeletedRow }) {
  const { data: row, error } = useDeletedRow(deletion, { table, id });
  if (error) return <Refusal error={toAppError(error)} />;
  if (!row) return <Loader size="sm" aria-label="Reading the row" />;
  const filled = tableOf(table).columns.filter(({ name }) => row[name] != null && row[name] !== "");
  return (
    <>
      <Facts facts={filled.map(({ name, label }) => ({ name: label, value: String(row[name]) }))} />
      <div style={{ marginTop: 16 }}>
        <RawRow row={row} />
      </div>
    </>
  );
}
