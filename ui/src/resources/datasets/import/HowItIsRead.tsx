import { Group, Select } from "@mantine/core";
import type { ReadOptions, Recognized } from "../../../bindings";

type Props = {
  recognized: Recognized;
  /** What is chosen; the rest is as it was found. */
  options: ReadOptions;
  onChoose: (options: ReadOptions) => void;
};

type Choice = { value: string; label: string };

const separators: Choice[] = [
  { value: ",", label: "Comma" },
  { value: ";", label: "Semicolon" },
  { value: "tab", label: "Tab" },
  { value: "|", label: "Vertical bar" },
];
const encodings: Choice[] = [
  { value: "utf-8", label: "UTF-8" },
  { value: "utf-16le", label: "UTF-16, little-endian" },
  { value: "utf-16be", label: "UTF-16, big-endian" },
  { value: "windows-1252", label: "Windows-1252" },
];
const quotes = [
  { value: "double", label: 'Doubled: ""' },
  { value: "backslash", label: 'With a backslash: \\"' },
] as const;

/** How a file is read: separator, encoding, quotes and list, as found and as chosen instead. */
export function HowItIsRead({ recognized, options, onChoose }: Props) {
  const { type, found, lists } = recognized;
  if (type === "project" || type === "project_parquet") return null;
  const shown = {
    separator: options.separator ?? found.separator,
    encoding: options.encoding ?? found.encoding,
    quote: options.quote ?? found.quote,
    list: options.list ?? found.list,
  };
  const choose = (choice: ReadOptions) => onChoose({ ...options, ...choice });
  return (
    <Group gap="sm" mt="xs" role="group" aria-label="How the file is read">
      {type === "project_csv" && (
        <>
          <Select
            size="xs"
            label="Separator"
            data={withFound(separators, shown.separator)}
            value={shown.separator ?? null}
            onChange={(separator) => separator && choose({ separator })}
            allowDeselect={false}
          />
          <Select
            size="xs"
            label="Quotes in texts"
            data={quotes}
            value={shown.quote ?? null}
            onChange={(quote) => quote && choose({ quote })}
            allowDeselect={false}
          />
        </>
      )}
      <Select
        size="xs"
        label="Encoding"
        data={withFound(encodings, shown.encoding)}
        value={shown.encoding ?? null}
        onChange={(encoding) => encoding && choose({ encoding })}
        allowDeselect={false}
      />
      {lists.length > 0 && (
        <Select
          size="xs"
          label="List of rows"
          data={lists}
          value={shown.list ?? null}
          onChange={(list) => list && choose({ list })}
          allowDeselect={false}
        />
      )}
    </Group>
  );
}

/** The choices, with the one that was found if it is another. */
function withFound(choices: Choice[], found: string | null | undefined): Choice[] {
  if (!found || choices.some(({ value }) => value === found)) return choices;
  return [...choices, { value: found, label: found }];
}
