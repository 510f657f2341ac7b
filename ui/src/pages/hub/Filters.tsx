import { Autocomplete, Group, Select } from "@mantine/core";
import { useTrainingMemory } from "../../api/hubSearch";
import type { RepositoryFormat, SearchSort } from "../../bindings";
import { formatParameters } from "../../format/numbers";
import { inSentence } from "../../format/texts";
import { formatsOf, type HubAddress, licenses, sorts, tasksOf } from "./search";
import { useTyped } from "./useTyped";

/** Largest numbers of parameters, in thousand million. */
const SIZES = [1, 4, 8, 15, 35, 75];

type Props = { address: HubAddress; onChange: (next: Partial<HubAddress>) => void };

/** What narrows and orders the results. A change searches again, once there was a search. */
export function Filters({ address, onChange }: Props) {
  const isModel = address.kind !== "dataset";
  return (
    <Group gap={8} pb={12}>
      <TextFilter
        label="Task"
        value={address.task}
        choices={tasksOf(address.kind)}
        onChange={(task) => onChange({ task })}
      />
      {isModel && <SizeFilter value={address.size} onChange={(size) => onChange({ size })} />}
      <Select
        aria-label="Format"
        placeholder="Any format"
        w={150}
        clearable
        data={formatsOf(address.kind)}
        value={address.format ?? null}
        onChange={(format) => onChange({ format: (format as RepositoryFormat | null) ?? undefined })}
      />
      <TextFilter
        label="License"
        value={address.license}
        choices={licenses}
        onChange={(license) => onChange({ license })}
      />
      <Select
        aria-label="Order"
        w={170}
        allowDeselect={false}
        data={sorts}
        value={address.sort ?? "downloads"}
        onChange={(sort) => onChange({ sort: sort as SearchSort })}
      />
    </Group>
  );
}

function SizeFilter({ value, onChange }: { value?: number; onChange: (size: number | undefined) => void }) {
  const { data: memory } = useTrainingMemory();
  const most = memory?.most_parameters;
  const sizes = SIZES.map((size) => ({
    value: String(size * 1e9),
    label: `Up to ${formatParameters(size * 1e9)}`,
  })).filter((size) => size.value !== String(most));
  const fitting = most ? [{ value: String(most), label: `Fits here (${formatParameters(most)})` }] : [];
  const data = [...fitting, ...sizes];
  const chosen = value === undefined ? null : String(value);
  const other =
    chosen !== null && !data.some((size) => size.value === chosen)
      ? [{ value: chosen, label: `Up to ${formatParameters(Number(chosen))}` }]
      : [];
  return (
    <Select
      aria-label="Largest number of parameters"
      placeholder="Any size"
      w={160}
      clearable
      data={[...data, ...other]}
      value={chosen}
      onChange={(size) => onChange(size === null ? undefined : Number(size))}
    />
  );
}

type TextProps = {
  label: string;
  value: string | undefined;
  choices: string[];
  onChange: (value: string | undefined) => void;
};

/** A text with suggestions. It counts once one is chosen, Enter is pressed or the field is left. */
function TextFilter({ label, value, choices, onChange }: TextProps) {
  const [text, setText] = useTyped(value ?? "");
  const settle = (next: string) => {
    const settled = next.trim() || undefined;
    if (settled !== value) onChange(settled);
  };
  return (
    <Autocomplete
      aria-label={label}
      placeholder={`Any ${inSentence(label)}`}
      w={170}
      clearable
      data={choices}
      value={text}
      onChange={setText}
      onOptionSubmit={settle}
      onClear={() => settle("")}
      onBlur={() => settle(text)}
      onKeyDown={(event) => {
        if (event.key === "Enter") settle(text);
      }}
    />
  );
}
