import { TextInput } from "@mantine/core";
import { settingsOf } from "../../api/configs";
import type { Filter, TableName } from "../../bindings";
import { PathField } from "../../components/form/PathField";
import { ReferenceField } from "../../components/form/ReferenceField";
import { settingsIn } from "../../resources/configs/form/jsonText";
import { NumberInput } from "../../resources/configs/form/NumberInput";
import { fieldProps } from "../starting/fieldProps";
import type { Training } from "./useTraining";

type RowProps = {
  training: Training;
  column: string;
  table: TableName;
  filters?: Filter[];
  needed?: boolean;
};

export function RowField({ training, column, table, filters, needed = false }: RowProps) {
  const fields = { ...fieldProps(training, column), required: needed };
  return <ReferenceField table={table} common={fields} link={undefined} filters={filters} />;
}

export function NumberField({
  training,
  column,
  label,
}: {
  training: Training;
  column: string;
  label?: string;
}) {
  const fields = fieldProps(training, column, label);
  return <TextInput {...fields} inputMode="decimal" autoComplete="off" />;
}

export function FolderField({
  training,
  column,
  placeholder,
}: {
  training: Training;
  column: string;
  placeholder: string;
}) {
  return <PathField pick="folder" common={{ ...fieldProps(training, column), placeholder }} />;
}

type SettingProps = {
  training: Training;
  column: "training_arguments_config" | "lora_config";
  name: string;
  label: string;
};

/** One number of a config's text. The message of its problem starts with its name. */
export function SettingNumber({ training, column, name, label }: SettingProps) {
  const said = settingsIn(training.texts[column])?.get(name);
  const problem = training.starting.problems.find(
    (problem) => problem.column === column && problem.message.startsWith(`${name} `),
  );
  return (
    <NumberInput
      common={{
        label,
        description: null,
        error: problem?.message,
        disabled: !training.plan,
        "data-field": name,
      }}
      placeholder={leftOut(column, name)}
      text={said?.value == null ? "" : said.text}
      onWrite={(written) => training.setSetting(column, name, written)}
    />
  );
}

/** The library's default of a setting, as JSON text. */
export function leftOut(column: SettingProps["column"], name: string): string {
  const type = column === "lora_config" ? "lora_config" : "training_arguments";
  const settings = settingsOf(type)?.groups.flatMap(({ settings }) => settings);
  const value = settings?.find((setting) => setting.name === name)?.left_out;
  return value && value !== "null" ? value : "";
}

/** Settings of the configs that have a field on the page. */
export const shownSettings = ["per_device_train_batch_size", "max_length", "r", "lora_alpha"];
