import { Checkbox } from "@mantine/core";
import type { Value } from "../../bindings";
import type { PageFields } from "../../components/form/fieldProps";
import { NumberInput } from "../../resources/configs/form/NumberInput";
import css from "../starting/Start.module.css";

type Generation = { [name: string]: Value };

/** Settings of generation by their names in transformers, with what a field needs to know. */
const numbers: { name: string; label: string; sampled?: true }[] = [
  { name: "max_new_tokens", label: "New tokens" },
  { name: "repetition_penalty", label: "Repetition penalty" },
  { name: "num_beams", label: "Beams" },
  { name: "temperature", label: "Temperature", sampled: true },
  { name: "top_p", label: "Top p", sampled: true },
  { name: "top_k", label: "Top k", sampled: true },
];

type Props = {
  generation: Generation;
  change: (generation: Generation) => void;
  page: PageFields;
};

/** The settings of generation that a model answers with where it is exported to. */
export function GenerationFields({ generation, change, page }: Props) {
  const sampled = generation.do_sample === true;
  const set = (name: string, value: number | undefined) => {
    const { [name]: _, ...others } = generation;
    change(value === undefined ? others : { ...others, [name]: value });
  };
  const sample = (wanted: boolean) => {
    const kept = Object.entries(generation).filter(
      ([name]) => wanted || !numbers.some((one) => one.sampled && one.name === name),
    );
    change({ ...Object.fromEntries(kept), do_sample: wanted });
  };
  return (
    <>
      <Checkbox
        mt={14}
        mb={10}
        size="xs"
        label="Answers are sampled"
        description="Otherwise each token is the most likely one."
        checked={sampled}
        onChange={({ currentTarget }) => sample(currentTarget.checked)}
      />
      <div className={css.four}>
        {numbers
          .filter((one) => sampled || !one.sampled)
          .map(({ name, label }) => (
            <NumberInput
              key={name}
              common={{
                label,
                description: null,
                error: page.problem(name),
                disabled: false,
                "data-field": name,
              }}
              placeholder="As the model"
              text={generation[name] === undefined ? "" : String(generation[name])}
              onWrite={(written) => set(name, written === null ? undefined : Number(written))}
            />
          ))}
      </div>
    </>
  );
}
