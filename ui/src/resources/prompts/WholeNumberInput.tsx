import { NumberInput, type NumberInputProps } from "@mantine/core";
import { useState } from "react";

type Props = Omit<NumberInputProps, "value" | "onChange"> & {
  value: number;
  onValue: (value: number) => void;
};

/** A whole number of at least 1. An empty field keeps the last number. */
export function WholeNumberInput({ value, onValue, ...input }: Props) {
  const [typed, setTyped] = useState<number | string | null>(null);
  return (
    <NumberInput
      min={1}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      {...input}
      value={typed ?? value}
      onChange={(next) => {
        setTyped(next);
        if (typeof next === "number" && next >= 1) onValue(next);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
