import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { FieldCommon } from "./SettingInput";

type NumberProps = {
  common: FieldCommon & { required?: boolean; "data-field"?: string };
  /** The default, shown while the field is empty. */
  placeholder: string;
  text: string;
  /** Writes the number as JSON text; null removes it. */
  onWrite: (written: string | null) => void;
};

/** Keeps typed text such as "0." or "2e" until it is a number that JSON can hold. */
export function NumberInput({ common, placeholder, text, onWrite }: NumberProps) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped((typed) => ((writtenNumber(typed) ?? "") === text ? typed : text)), [text]);
  const unreadable = typed.trim() !== "" && writtenNumber(typed) === null;
  return (
    <TextInput
      {...common}
      inputMode="decimal"
      autoComplete="off"
      placeholder={placeholder}
      value={typed}
      error={unreadable && typed !== text ? "This is not a number." : common.error}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        if (value.trim() === "") onWrite(null);
        else if (writtenNumber(value) !== null) onWrite(writtenNumber(value));
      }}
    />
  );
}

/** A number as JSON text, with the typed digits if possible. */
function writtenNumber(typed: string): string | null {
  const text = typed.trim();
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text;
  return text !== "" && Number.isFinite(Number(text)) && !text.endsWith(".") ? String(Number(text)) : null;
}
