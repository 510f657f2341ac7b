import { Button, Group, Text } from "@mantine/core";
import css from "./PromptForm.module.css";

type Props = { columns: string[]; onInsert: (placeholder: string) => void };

/** The dataset's columns. A click inserts a placeholder at the cursor. */
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
          // Keeps the focus in the editor.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onInsert(`{${name}}`)}
        >
          {name}
        </Button>
      ))}
    </Group>
  );
}

/** The core's rule: names with characters of the template syntax and plain numbers cannot be placeholders. */
function isNameable(name: string): boolean {
  return name !== "" && !/[{}[.!:]/.test(name) && !/^\p{Nd}+$/u.test(name);
}
