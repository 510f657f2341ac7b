import { Select } from "@mantine/core";
import type { GgufOf, GgufType } from "../../../bindings";
import css from "../../starting/Start.module.css";
import { BaseField } from "../BaseField";
import { PartChoice } from "../PartChoice";
import { PlaceField } from "../PlaceField";
import type { WayFormProps, WayOf } from "../way";
import { typesOf } from "./ggufTypes";

const parts: { value: GgufOf; label: string; about: string }[] = [
  {
    value: "merged",
    label: "The merged model",
    about: "Base model and adapter in one file, which runs by itself.",
  },
  {
    value: "adapter",
    label: "The adapter alone",
    about: "A small file that llama.cpp applies to the base model. Not every adapter can be written so.",
  },
];

function GgufForm({ settings, change, page, table }: WayFormProps<"gguf">) {
  const alone = settings.of === "adapter";
  const choose = (of: GgufOf) =>
    // An adapter is not quantized.
    change({ of, type: typesOf(of).some(({ value }) => value === settings.type) ? settings.type : "f16" });
  return (
    <>
      {table === "adapters" && (
        <PartChoice
          page={page}
          name="of"
          label="What is written"
          parts={parts}
          value={settings.of}
          onChange={choose}
        />
      )}
      <div className={css.two}>
        <PlaceField page={page} label="File to write" ending=".gguf" />
        {table === "adapters" && <BaseField page={page} />}
        <Select
          label="Type of the weights"
          data-field="type"
          data={typesOf(alone ? "adapter" : "merged")}
          value={settings.type}
          allowDeselect={false}
          error={page.problem("type")}
          onChange={(type) => change({ type: type as GgufType })}
        />
      </div>
    </>
  );
}

export const gguf: WayOf<"gguf"> = {
  way: "gguf",
  label: "GGUF",
  about: "One file for llama.cpp, LM Studio and other programs that run on it, in fewer bits if you like.",
  name: (row) => row,
  ending: ".gguf",
  initial: { type: "q8_0", of: "merged" },
  Form: GgufForm,
  labels: { to: "File to write", of: "What is written", type: "Type of the weights" },
  facts: (plan) => [{ name: "Type", value: plan?.precision }],
};
