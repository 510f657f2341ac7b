import { Input, SegmentedControl } from "@mantine/core";
import { useId } from "react";
import { settingsIn, withSetting } from "../../resources/configs/form/jsonText";
import { NumberInput } from "../../resources/configs/form/NumberInput";
import { GREEDY, SAMPLED, wayOf } from "./generation";
import css from "./Start.module.css";

type Props = { text: string; onText: (text: string) => void; error?: string };

const words = { greedy: "Greedy", sampled: "Sampled", own: "Own" };

/** Greedy or sampled answers, and their longest length. */
export function GenerationFields({ text, onText, error }: Props) {
  const id = useId();
  const way = wayOf(text);
  const limit = settingsIn(text)?.get("max_new_tokens");
  const choose = (next: string) => {
    const base = next === "greedy" ? GREEDY : SAMPLED;
    // The length does not depend on the way of sampling.
    onText(limit && limit.value !== null ? withSetting(base, "max_new_tokens", limit.text) : base);
  };
  return (
    <>
      <Input.Wrapper
        label="Answers"
        labelElement="div"
        labelProps={{ id }}
        error={error}
        description="Greedy always takes the most likely token: the same prompt gets the same answer."
        className={css.wide}
      >
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby={id}
          data={(way === "own"
            ? (["greedy", "sampled", "own"] as const)
            : (["greedy", "sampled"] as const)
          ).map((value) => ({ value, label: words[value] }))}
          value={way}
          onChange={choose}
        />
      </Input.Wrapper>
      <NumberInput
        common={{
          label: "Maximum new tokens",
          description: null,
          error: undefined,
          disabled: text === "",
          "data-field": "generation_config",
        }}
        placeholder=""
        text={limit?.value == null ? "" : limit.text}
        onWrite={(written) => onText(withSetting(text, "max_new_tokens", written))}
      />
    </>
  );
}
