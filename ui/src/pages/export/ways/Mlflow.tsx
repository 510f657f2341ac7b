import { Checkbox, Textarea, TextInput } from "@mantine/core";
import { NumberInput } from "../../../resources/configs/form/NumberInput";
import css from "../../starting/Start.module.css";
import { BaseField } from "../BaseField";
import { fileNameOf } from "../PlaceField";
import type { WayFormProps, WayOf } from "../way";

/** Settings of generation by their names in transformers, with what a field needs to know. */
const numbers: { name: string; label: string; sampled?: true }[] = [
  { name: "max_new_tokens", label: "New tokens" },
  { name: "repetition_penalty", label: "Repetition penalty" },
  { name: "num_beams", label: "Beams" },
  { name: "temperature", label: "Temperature", sampled: true },
  { name: "top_p", label: "Top p", sampled: true },
  { name: "top_k", label: "Top k", sampled: true },
];

function MlflowForm({ settings, change, page, table }: WayFormProps<"mlflow">) {
  const generation = settings.generation ?? {};
  const sampled = generation.do_sample === true;
  const set = (name: string, value: number | boolean | undefined) => {
    const { [name]: _, ...others } = generation;
    change({ generation: value === undefined ? others : { ...others, [name]: value } });
  };
  const sample = (wanted: boolean) => {
    const kept = Object.entries(generation).filter(
      ([name]) => wanted || !numbers.some((one) => one.sampled && one.name === name),
    );
    change({ generation: { ...Object.fromEntries(kept), do_sample: wanted } });
  };
  return (
    <>
      <div className={css.two}>
        <TextInput
          label="Name of the registered model"
          data-field="registered_name"
          autoComplete="off"
          spellCheck={false}
          value={settings.name}
          error={page.problem("registered_name")}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        />
        <TextInput
          label="MLflow server"
          data-field="uri"
          placeholder="Where runs log their measurements"
          autoComplete="off"
          spellCheck={false}
          value={settings.uri ?? ""}
          error={page.problem("uri")}
          onChange={({ currentTarget }) => change({ uri: currentTarget.value || null })}
        />
        {table === "adapters" && <BaseField page={page} />}
      </div>
      <Textarea
        mt={10}
        label="Description"
        data-field="description"
        autosize
        minRows={2}
        maxRows={6}
        value={settings.description ?? ""}
        onChange={({ currentTarget }) => change({ description: currentTarget.value || null })}
      />
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

export const mlflow: WayOf<"mlflow"> = {
  way: "mlflow",
  label: "MLflow registry",
  about: "A version of a registered model, which is loaded back and asked. An adapter is merged first.",
  initial: { uri: null, name: "", description: null, generation: {} },
  // MLflow takes no dots in names.
  initialOf: ({ label }) => ({ name: fileNameOf(label).replaceAll(".", "-") }),
  name: (row) => row,
  Form: MlflowForm,
  labels: { registered_name: "Name of the registered model", uri: "MLflow server" },
  facts: (_, { name }) => [{ name: "Registers", value: name }],
};
