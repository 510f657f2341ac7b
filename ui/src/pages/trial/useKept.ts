import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from "react";
import { useKeptValues } from "../../api/trial";

/** A state that is there again when the page is shown again, unless it is begun `anew`. */
export function useKept<T>(name: string, initial: T, anew = false): [T, Dispatch<SetStateAction<T>>] {
  const values = useRef(useKeptValues()).current;
  const [value, setValue] = useState<T>(() => (anew ? undefined : values.get<T>(name)) ?? initial);
  useEffect(() => values.set(name, value), [values, name, value]);
  return [value, setValue];
}

/** Whether the page begins anew: the address names another model or adapter than was tried last. */
export function useAnew({ model, adapter }: { model?: string; adapter?: string }): boolean {
  const values = useKeptValues();
  const [anew] = useState(() => {
    const others = model !== undefined && values.get("model") !== model;
    return others || (adapter !== undefined && !values.get<string[]>("adapters")?.includes(adapter));
  });
  return anew;
}
