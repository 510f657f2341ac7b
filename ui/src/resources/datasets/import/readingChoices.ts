// The choices of how a text file is read, as people name them.
import type { ReadOptions, Recognized } from "../../../bindings";

export type Choice = { value: string; label: string };

export const separators: Choice[] = [
  { value: ",", label: "Comma" },
  { value: ";", label: "Semicolon" },
  { value: "tab", label: "Tab" },
  { value: "|", label: "Vertical bar" },
];
export const encodings: Choice[] = [
  { value: "utf-8", label: "UTF-8" },
  { value: "utf-16le", label: "UTF-16, little-endian" },
  { value: "utf-16be", label: "UTF-16, big-endian" },
  { value: "windows-1252", label: "Windows-1252" },
];
export const quotes = [
  { value: "double", label: 'Doubled: ""' },
  { value: "backslash", label: 'With a backslash: \\"' },
] as const;

/** Whether a kind of file leaves open how it is read: folders and Parquet files do not. */
export function hasChoices({ type }: Recognized): boolean {
  return type !== "project" && type !== "project_parquet";
}

/** How a file is read: as chosen, else as found. */
export function readingOf({ found }: Recognized, chosen: ReadOptions): ReadOptions {
  return {
    separator: chosen.separator ?? found.separator,
    encoding: chosen.encoding ?? found.encoding,
    quote: chosen.quote ?? found.quote,
    list: chosen.list ?? found.list,
  };
}

/** The choices, with the one that was found if it is another. */
export function withFound(choices: Choice[], found: string | null | undefined): Choice[] {
  if (!found || choices.some(({ value }) => value === found)) return choices;
  return [...choices, { value: found, label: found }];
}

/** "Windows-1252, separated by semicolons". */
export function readingText(recognized: Recognized): string {
  const reading = readingOf(recognized, recognized.needed);
  const label = (choices: Choice[], value: string | null | undefined) =>
    withFound(choices, value).find((choice) => choice.value === value)?.label;
  const named = separators.find(({ value }) => value === reading.separator);
  const separator = named ? `${named.label.toLowerCase()}s` : reading.separator;
  return [
    label(encodings, reading.encoding),
    recognized.type === "project_csv" && separator && `separated by ${separator}`,
    recognized.lists.length > 0 && reading.list && `the list ${reading.list}`,
  ]
    .filter(Boolean)
    .join(", ");
}
