import {
  ActionIcon,
  Autocomplete,
  Input,
  Select,
  Switch,
  TagsInput,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { IconRestore } from "@tabler/icons-react";
import { type ReactNode, useEffect, useId, useState } from "react";
import type { JsonValue, Setting, SettingMark } from "../../../bindings";
import { formatSettingText } from "../../../format/settings";
import css from "./ConfigForm.module.css";

type Props = {
  setting: Setting;
  /** What the text says, as a value and as it is written. */
  said: { value: JsonValue; text: string } | undefined;
  /** What a new config of the type starts with, as JSON text. */
  start: string | undefined;
  marks: SettingMark[];
  disabled: boolean;
  /** Writes the setting into the text, or takes it out. */
  onWrite: (written: string | null) => void;
};

/** One setting: its field by kind, its help, and the way back to its default. */
export function SettingField(props: Props) {
  const { setting, said, start, marks, disabled, onWrite } = props;
  const changed = !disabled && !same(said?.text ?? setting.left_out, start ?? setting.left_out);
  const wrong = marks.find(({ kind }) => kind === "wrong")?.message;
  const notes = marks.filter(({ kind }) => kind === "note").map(({ message }) => message);
  const common = {
    label: setting.label,
    description: (
      <>
        {setting.help}
        {notes.map((note) => (
          <span key={note} className={css.note}>
            {note}
          </span>
        ))}
      </>
    ),
    error: wrong,
    disabled,
  };
  const back = start ?? null;
  return (
    <div className={css.setting} data-changed={changed || undefined} title={setting.name}>
      {input(props, common)}
      {changed && (
        <Tooltip
          label={
            start === undefined
              ? `Leave out (${formatSettingText(setting.left_out)})`
              : `Default: ${formatSettingText(start)}`
          }
        >
          <ActionIcon
            className={css.reset}
            size="xs"
            variant="subtle"
            color="gray"
            disabled={disabled}
            aria-label={`Reset ${setting.label} to ${formatSettingText(back ?? setting.left_out)}`}
            onClick={() => onWrite(back)}
          >
            <IconRestore size={13} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}

type Common = {
  label: string;
  description: ReactNode;
  error: string | undefined;
  disabled: boolean;
};

function input({ setting, said, onWrite }: Props, common: Common) {
  const { kind } = setting;
  const value = said?.value;
  const unsaid = formatSettingText(setting.left_out);
  const write = (text: string | null) => onWrite(text ? JSON.stringify(text) : null);
  switch (kind.is) {
    case "switch": {
      const checked = (value ?? setting.left_out === "true") === true;
      return <SwitchInput common={common} checked={checked} onWrite={onWrite} />;
    }
    case "choice":
      return kind.open ? (
        <Autocomplete
          {...common}
          data={kind.options}
          value={asText(value)}
          placeholder={unsaid}
          onChange={write}
        />
      ) : (
        <Select
          {...common}
          data={kind.options}
          value={asText(value) || null}
          placeholder={unsaid}
          onChange={write}
          clearable
          clearButtonProps={{ "aria-label": `Leave out ${setting.label}` }}
        />
      );
    case "list": {
      const texts = Array.isArray(value) ? value.map(String) : value == null ? [] : [asText(value)];
      return (
        <TagsInput
          {...common}
          data={kind.alone}
          value={texts}
          placeholder={texts.length > 0 ? undefined : unsaid}
          onChange={(texts) => onWrite(writtenList(texts, kind.alone))}
        />
      );
    }
    case "text":
      return (
        <TextInput
          {...common}
          value={asText(value)}
          placeholder={unsaid}
          onChange={({ currentTarget }) => write(currentTarget.value)}
        />
      );
    default:
      return (
        <NumberInput
          common={common}
          unsaid={unsaid}
          text={value == null ? "" : (said?.text ?? "")}
          onWrite={onWrite}
        />
      );
  }
}

type SwitchProps = { common: Common; checked: boolean; onWrite: Props["onWrite"] };

/** A switch whose help describes it and is no part of its name. */
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

type NumberProps = {
  common: Common & { required?: boolean; "data-field"?: string };
  unsaid: string;
  text: string;
  onWrite: Props["onWrite"];
};

/** Keeps what is typed, such as "0." or "2e", until it is a number that can stand in the text. */
export function NumberInput({ common, unsaid, text, onWrite }: NumberProps) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped((typed) => ((writtenNumber(typed) ?? "") === text ? typed : text)), [text]);
  const unreadable = typed.trim() !== "" && writtenNumber(typed) === null;
  return (
    <TextInput
      {...common}
      inputMode="decimal"
      autoComplete="off"
      placeholder={unsaid}
      value={typed}
      error={unreadable && typed !== text ? "This is not a number yet." : common.error}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        if (value.trim() === "") onWrite(null);
        else if (writtenNumber(value) !== null) onWrite(writtenNumber(value));
      }}
    />
  );
}

/** A number as JSON writes it, in the digits that were typed where it can. */
function writtenNumber(typed: string): string | null {
  const text = typed.trim();
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text;
  return text !== "" && Number.isFinite(Number(text)) && !text.endsWith(".") ? String(Number(text)) : null;
}

function writtenList(texts: string[], alone: string[]): string | null {
  const [last] = texts.slice(-1);
  if (last === undefined) return null;
  // Such a text means all that a list could name.
  if (alone.includes(last)) return JSON.stringify(last);
  const listed = texts.filter((text) => !alone.includes(text)).map((text) => JSON.stringify(text));
  return `[${listed.join(", ")}]`;
}

/** Whether two JSON texts hold the same: 1 and 1.0 do. */
function same(a: string, b: string): boolean {
  return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
}

function asText(value: JsonValue | undefined): string {
  return value == null ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
