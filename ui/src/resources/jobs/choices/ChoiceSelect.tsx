import { Select } from "@mantine/core";
import type { CommonProps } from "../../../components/form/Field";
import { OptionWithHelp } from "../../../components/form/OptionWithHelp";
import type { Option } from "./options";

type Props<Value extends string> = {
  common: CommonProps;
  options: Option<Value>[];
  /** What is shown: as chosen, else as planned. Null while it is not known. */
  value: string | null;
  onChoose: (value: Value) => void;
};

/** A list of choices, each with two sentences on when one would choose it. */
export function ChoiceSelect<Value extends string>({ common, options, value, onChoose }: Props<Value>) {
  const help = new Map<string, string>(options.map((option) => [option.value, option.help]));
  return (
    <Select
      {...common}
      data={options}
      value={value}
      onChange={(next) => next && onChoose(next as Value)}
      allowDeselect={false}
      placeholder="Follows from the dataset"
      maxDropdownHeight={420}
      renderOption={({ option }) => <OptionWithHelp label={option.label} help={help.get(option.value)} />}
    />
  );
}
