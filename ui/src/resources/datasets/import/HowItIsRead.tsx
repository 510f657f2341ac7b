import { Group, Select } from "@mantine/core";
import type { ReadOptions, Recognized } from "../../../bindings";
import { encodings, hasChoices, quotes, readingOf, separators, withFound } from "./readingChoices";

type Props = {
  recognized: Recognized;
  /** What is chosen; the rest is as it was found. */
  options: ReadOptions;
  onChoose: (options: ReadOptions) => void;
};

/** How a file is read: separator, encoding, quotes and list, as found and as chosen instead. */
export function HowItIsRead({ recognized, options, onChoose }: Props) {
  const { type, lists } = recognized;
  if (!hasChoices(recognized)) return null;
  const shown = readingOf(recognized, options);
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
