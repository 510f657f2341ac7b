import { Radio } from "@mantine/core";
import { useId } from "react";
import type { Decision } from "./choices";
import css from "./Import.module.css";

type Props = {
  label: string;
  /** Undefined before a decision. */
  value: Decision | undefined;
  onChange: (decision: Decision) => void;
  disabled: boolean;
};

const decisions: [Decision, string][] = [
  ["keep", "Keep the stored row"],
  ["replace", "Replace"],
];

export function Decide({ label, value, onChange, disabled }: Props) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={css.decide}>
      {decisions.map(([decision, said]) => (
        <Radio
          key={decision}
          size="xs"
          name={name}
          label={said}
          checked={value === decision}
          onChange={() => onChange(decision)}
          disabled={disabled}
        />
      ))}
    </div>
  );
}
