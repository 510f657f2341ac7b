import { type ComponentType, useCallback, useRef } from "react";
import type { FormValues } from "./values";

/** What a note below a field is given. */
export type NoteProps = {
  values: FormValues;
  /** Fills fields that are empty, or that hold what was filled before; what a person typed stays. */
  fill: (found: FormValues) => void;
};

/** What is said below a field of a form from what is typed so far, by column. */
export type Notes = Record<string, ComponentType<NoteProps>>;

/** How notes fill fields. It stays the same from one rendering to the next. */
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
