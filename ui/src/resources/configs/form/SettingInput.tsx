import { Autocomplete, Input, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { type ReactNode, useId } from "react";
import type { ExplainedOption, JsonValue, Setting } from "../../../bindings";
import { OptionWithHelp } from "../../../components/form/OptionWithHelp";
import { formatSettingText } from "../../../format/settings";
import { NumberInput } from "./NumberInput";

export type FieldCommon = {
  label: string;
  description: ReactNode;
  error: string | undefined;
  disabled: boolean;
};

export type WrittenSetting = { value: JsonValue; text: string };

type Props = {
  setting: Setting;
  /** The setting as the config's text has it. */
  written: WrittenSetting | undefined;
  /** Texts to choose from in a list, beside those with a meaning of their own. */
  choices: string[];
  /** Writes JSON text into the config; null removes the setting. */
  onWrite: (written: string | null) => void;
  common: FieldCommon;
};

/** The input for a setting, by its kind. */
export function SettingInput({ setting, written, choices, onWrite, common }: Props) {
  const { kind } = setting;
  const value = written?.value;
  const placeholder = formatSettingText(setting.left_out);
  const write = (text: string | null) => onWrite(text ? JSON.stringify(text) : null);
  switch (kind.is) {
    case "switch": {
      const checked = (value ?? setting.left_out === "true") === true;
      return <SwitchInput common={common} checked={checked} onWrite={onWrite} />;
    }
    case "switch_or": {
      const texts = kind.texts;
      const writeAny = (text: string | null) =>
        text === "true" || text === "false" ? onWrite(text) : write(text);
      return kind.open ? (
        <Autocomplete
          {...common}
          data={["true", "false", ...texts]}
          value={asText(value)}
          placeholder={placeholder}
          onChange={writeAny}
        />
      ) : (
        <Select
          {...common}
          data={["true", "false", ...texts]}
          value={asText(value) || null}
          placeholder={placeholder}
          onChange={writeAny}
          clearable
          clearButtonProps={{ "aria-label": `Leave out ${setting.label}` }}
        />
      );
    }
    case "choice":
      return kind.open ? (
        <Autocomplete
          {...common}
          data={kind.options}
          value={asText(value)}
          placeholder={placeholder}
          onChange={write}
        />
      ) : (
        <Select
          {...common}
          data={kind.options}
          value={asText(value) || null}
          placeholder={placeholder}
          onChange={write}
          clearable
          clearButtonProps={{ "aria-label": `Leave out ${setting.label}` }}
        />
      );
    case "explained":
      return (
        <ExplainedInput
          common={common}
          options={kind.options}
          value={value}
          label={setting.label}
          placeholder={placeholder}
          onWrite={write}
        />
      );
    case "list": {
      const texts = Array.isArray(value) ? value.map(String) : value == null ? [] : [asText(value)];
      return (
        <TagsInput
          {...common}
          data={[...kind.alone, ...choices]}
          value={texts}
          placeholder={texts.length > 0 ? undefined : placeholder}
          onChange={(texts) => onWrite(writtenList(texts, kind.alone))}
        />
      );
    }
    case "number_of_each":
      return (
        <TagsInput
          {...common}
          data={choices.map((name) => `${name}: 8`)}
          value={Object.entries(asObject(value)).map(([name, number]) => `${name}: ${asText(number)}`)}
          placeholder="Such as q_proj: 8"
          onChange={(texts) => onWrite(writtenNumbers(texts))}
        />
      );
    case "text":
      return (
        <TextInput
          {...common}
          value={asText(value)}
          placeholder={placeholder}
          onChange={({ currentTarget }) => write(currentTarget.value)}
        />
      );
    default:
      return (
        <NumberInput
          common={common}
          placeholder={placeholder}
          text={value == null ? "" : (written?.text ?? "")}
          onWrite={onWrite}
        />
      );
  }
}

type SwitchProps = { common: FieldCommon; checked: boolean; onWrite: Props["onWrite"] };

/** A switch whose help is its accessible description, not a part of its name. */
function SwitchInput({ common: { label, description, error, disabled }, checked, onWrite }: SwitchProps) {
  const id = useId();
  return (
    <Input.Wrapper id={id} description={description} error={error}>
      <Switch
        label={label}
        disabled={disabled}
        checked={checked}
        aria-describedby={error ? `${id}-description ${id}-error` : `${id}-description`}
        onChange={({ currentTarget }) => onWrite(String(currentTarget.checked))}
        fw={500}
        mb={5}
      />
    </Input.Wrapper>
  );
}

type ExplainedProps = {
  common: FieldCommon;
  options: ExplainedOption[];
  value: JsonValue | undefined;
  label: string;
  placeholder: string;
  onWrite: (text: string | null) => void;
};

/** A list of texts with help for each. Several of them, which the text may have, are shown as they are. */
function ExplainedInput({ common, options, value, label, placeholder, onWrite }: ExplainedProps) {
  const several = Array.isArray(value) ? value.map(asText).join(", ") : null;
  const texts = options.map(({ value }) => value);
  return (
    <Select
      {...common}
      data={several && !texts.includes(several) ? [several, ...texts] : texts}
      value={several ?? (asText(value) || null)}
      placeholder={placeholder}
      onChange={(text) => text !== several && onWrite(text)}
      clearable
      clearButtonProps={{ "aria-label": `Leave out ${label}` }}
      maxDropdownHeight={420}
      renderOption={({ option }) => (
        <OptionWithHelp
          label={option.label}
          help={
            options.find(({ value }) => value === option.value)?.help ??
            "Several at once, as the text has them."
          }
        />
      )}
    />
  );
}

function writtenList(texts: string[], alone: string[]): string | null {
  const [last] = texts.slice(-1);
  if (last === undefined) return null;
  // A text such as "all-linear" stands for a whole list.
  if (alone.includes(last)) return JSON.stringify(last);
  const listed = texts.filter((text) => !alone.includes(text)).map((text) => JSON.stringify(text));
  return `[${listed.join(", ")}]`;
}

/** Texts such as "q_proj: 8" as an object; null without any. What is no number stays a text. */
function writtenNumbers(texts: string[]): string | null {
  const entries = texts.map((text) => {
    const [, name = text, number = ""] = /^(.*?)\s*[:=]\s*(.*)$/.exec(text) ?? [];
    return [name.trim(), Number.isInteger(Number(number)) && number ? Number(number) : number] as const;
  });
  return entries.length > 0 ? JSON.stringify(Object.fromEntries(entries)) : null;
}

function asObject(value: JsonValue | undefined): Record<string, JsonValue> {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, JsonValue>)
    : {};
}

function asText(value: JsonValue | undefined): string {
  return value == null ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
