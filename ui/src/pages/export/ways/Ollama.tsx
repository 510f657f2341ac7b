import { Checkbox, Select, Text, Textarea, TextInput } from "@mantine/core";
import type { GgufType, JsonValue } from "../../../bindings";
import css from "../../starting/Start.module.css";
import { BaseField } from "../BaseField";
import { PlaceField } from "../PlaceField";
import type { WayFormProps, WayOf } from "../way";
import { typesOf } from "./ggufTypes";

const parameters = [
  { name: "temperature", label: "Temperature", placeholder: "Ollama’s own, 0.8" },
  { name: "num_ctx", label: "Context length", placeholder: "Ollama’s own" },
];

function OllamaForm({ settings, change, page, table, plan }: WayFormProps<"ollama">) {
  const setParameter = (name: string, text: string) => {
    const { [name]: _, ...others } = (settings.parameters ?? {}) as Record<string, JsonValue>;
    const number = Number(text.replace(",", "."));
    const kept = text.trim() === "" ? others : { ...others, [name]: Number.isNaN(number) ? text : number };
    change({ parameters: kept });
  };
  return (
    <>
      <div className={css.two}>
        <PlaceField page={page} label="Folder to write" />
        {table === "adapters" && <BaseField page={page} />}
        <TextInput
          label="Name in Ollama"
          data-field="ollama_name"
          autoComplete="off"
          spellCheck={false}
          placeholder="Made of the name above"
          value={settings.name}
          error={page.problem("ollama_name")}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        />
        <Select
          label="Type of the weights"
          data-field="type"
          data={typesOf("merged")}
          value={settings.type}
          allowDeselect={false}
          onChange={(type) => change({ type: type as GgufType })}
        />
        {parameters.map(({ name, label, placeholder }) => (
          <TextInput
            key={name}
            label={label}
            data-field={name}
            inputMode="decimal"
            placeholder={placeholder}
            defaultValue={String(settings.parameters?.[name] ?? "")}
            onChange={({ currentTarget }) => setParameter(name, currentTarget.value)}
          />
        ))}
      </div>
      <Textarea
        mt={10}
        label="System prompt"
        data-field="system"
        placeholder="None"
        autosize
        minRows={1}
        maxRows={5}
        value={settings.system ?? ""}
        error={page.problem("system")}
        onChange={({ currentTarget }) => change({ system: currentTarget.value || null })}
      />
      <Checkbox
        mt={12}
        size="xs"
        label="Create the model in Ollama"
        data-field="create"
        description={
          plan?.ollama
            ? `Ollama ${plan.ollama} runs at ${plan.ollama_host}.`
            : `No Ollama answers at ${plan?.ollama_host ?? "its address"}. The folder has a Modelfile for it.`
        }
        checked={settings.create}
        disabled={!plan?.ollama && !settings.create}
        error={page.problem("create")}
        onChange={({ currentTarget }) => change({ create: currentTarget.checked })}
      />
      <Text size="xs" c="dimmed" mt={8}>
        The Modelfile has the model’s chat template in Ollama’s language if both render the same. The report
        says whether they do.
      </Text>
    </>
  );
}

export const ollama: WayOf<"ollama"> = {
  way: "ollama",
  label: "Ollama",
  about: "A folder with a Modelfile, so that Ollama asks the model as it was trained.",
  name: (row) => row,
  initial: { type: "q8_0", name: "", system: null, parameters: {}, create: false, host: null },
  Form: OllamaForm,
  labels: { ollama_name: "Name in Ollama", system: "System prompt", create: "Create the model in Ollama" },
  facts: (plan) => [{ name: "Type", value: plan?.precision }],
};
