import { Checkbox, Text } from "@mantine/core";
import { TABLES, type TableCount, type TableName } from "../../bindings";
import { formatNumber } from "../../format/numbers";
import css from "./Database.module.css";

type Props = {
  counts: TableCount[];
  chosen: TableName[];
  onChange: (tables: TableName[]) => void;
  disabled: boolean;
};

/** A choice of tables, with their numbers of rows. */
export function TableChoice({ counts, chosen, onChange, disabled }: Props) {
  const whole = chosen.length === TABLES.length;
  const names = TABLES.map(({ name }) => name);
  return (
    <fieldset className={css.tables} disabled={disabled}>
      <legend>Tables</legend>
      <Checkbox
        label="Everything"
        checked={whole}
        indeterminate={!whole && chosen.length > 0}
        onChange={() => onChange(whole ? [] : names)}
        disabled={disabled}
      />
      <div className={css.tableGrid}>
        {TABLES.map(({ name, title }) => (
          <Checkbox
            key={name}
            label={
              <>
                {title}{" "}
                <Text span c="dimmed" inherit className="tabular">
                  {formatNumber(counts.find(({ table }) => table === name)?.rows ?? 0)}
                </Text>
              </>
            }
            checked={chosen.includes(name)}
            // In the order of the tables, not of the clicks.
            onChange={({ currentTarget: { checked } }) =>
              onChange(names.filter((other) => (other === name ? checked : chosen.includes(other))))
            }
            disabled={disabled}
          />
        ))}
      </div>
      {!whole && (
        <Text size="sm" c="dimmed" role="status">
          {chosen.length === 0
            ? "Choose at least one table."
            : "Rows keep their references to tables that are left out, so the file is not complete on its own."}
        </Text>
      )}
    </fieldset>
  );
}
