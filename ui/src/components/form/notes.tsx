import { type ComponentType, useCallback, useRef } from "react";
import type { FormValues } from "./values";

/** The properties of a note below a field. */
export type NoteProps = {
  values: FormValues;
  /** Fills fields that are empty or were filled by a note. Typed values stay. */
  fill: (found: FormValues) => void;
};

/** Notes below the fields of a form, by column. They depend on the values typed so far. */
export type Notes = Record<string, ComponentType<NoteProps>>;

/** The function by which notes fill fields. Its identity is stable. */
export function useFill(values: FormValues, set: (column: string, value: string) => void) {
  const filled = useRef<FormValues>({});
  const now = useRef({ values, set });
  now.current = { values, set };
  return useCallback((found: FormValues) => {
    for (const [column, value] of Object.entries(found)) {
      const { values, set } = now.current;
      const held = values[column]?.trim() ?? "";
      if (held !== "" && held !== filled.current[column]) continue;
      filled.current[column] = value;
      if (held !== value) set(column, value);
    }
  }, []);
}
