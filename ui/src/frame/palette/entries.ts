import type { IconProps } from "@tabler/icons-react";
import type { ComponentType } from "react";

/** One line of the palette. */
export type Entry = {
  id: string;
  label: string;
  /** What kind of thing it is, on the right. */
  about?: string;
  icon: ComponentType<IconProps>;
  keys?: string;
  run: () => void;
};

export function matching(entries: Entry[], search: string): Entry[] {
  return entries.filter(({ label }) => label.toLowerCase().includes(search.toLowerCase()));
}
