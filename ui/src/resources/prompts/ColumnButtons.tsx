import { Button, Group, Text } from "@mantine/core";
import css from "./PromptForm.module.css";

type Props = { columns: string[]; onInsert: (placeholder: string) => void };

/** The dataset's columns: a click puts one where the cursor is. */
export function ColumnButtons({ columns, onInsert }: Props) {
  if (columns.length === 0) return null;
  return (
    <Group gap={6} role="group" aria-label="Columns" className={css.columns}>
      <Text size="xs" c="dimmed">
        Insert
      </Text>
      {columns.map((name) => (
        <Button
          key={name}
          variant="default"
          size="compact-xs"
          className={css.column}
          disabled={!isNameable(name)}
          title={isNameable(name) ? undefined : "A template can't name this column."}
          // The cursor stays where it is.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onInsert(`{${name}}`)}
        >
          {name}
        </Button>
      ))}
    </Group>
  );
}

/** As the core sees it: signs that mean more in a template, and mere numbers, can't be names. */
function isNameable(name: string): boolean {
  return name !== "" && !/[{}[.!:]/.test(name) && !/^\p{Nd}+$/u.test(name);
}
