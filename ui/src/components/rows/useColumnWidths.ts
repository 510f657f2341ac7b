import { useLocalStorage } from "@mantine/hooks";
import type { TableName } from "../../bindings";

export type Widths = Record<string, number>;

/** Column widths in pixels set by the user, stored per table. Other columns share the remaining width. */
export function useColumnWidths(table: TableName) {
  const [widths, setWidths] = useLocalStorage<Widths>({ key: `widths:${table}`, defaultValue: {} });
  const resize = (column: string, width: number) => setWidths((old) => ({ ...old, [column]: width }));
  const reset = (column: string) => setWidths(({ [column]: _, ...others }) => others);
  return { widths, resize, reset };
}
