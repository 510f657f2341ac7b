import { Checkbox, Select } from "@mantine/core";
import type { MergePrecision } from "../../../bindings";
import css from "../../starting/Start.module.css";
import { BaseField } from "../BaseField";
import { PlaceField } from "../PlaceField";
import type { WayFormProps, WayOf } from "../way";

const precisions: { value: MergePrecision; label: string }[] = [
  { value: "float32", label: "32 bits (float32)" },
  { value: "bfloat16", label: "16 bits (bfloat16)" },
  { value: "float16", label: "16 bits (float16)" },
];

/** Sizes of files of weights that upload and copy well, in bytes. */
const shards = [1, 2, 5, 10, 50].map((gigabytes) => ({
  value: String(gigabytes * 1e9),
  label: `${gigabytes} GB`,
}));

function MergeForm({ settings, change, page }: WayFormProps<"merge">) {
  return (
    <>
      <div className={css.two}>
        <PlaceField page={page} label="Folder to write" />
        <BaseField page={page} />
        <Select
          label="Precision of the weights"
          data-field="precision"
          data={precisions}
          value={settings.precision ?? null}
          placeholder="As the base model"
          clearable
          clearButtonProps={{ "aria-label": "Clear precision" }}
          onChange={(value) => change({ precision: (value as MergePrecision | null) ?? null })}
        />
        <Select
          label="Largest file of weights"
          data-field="shard_size"
          data={shards}
          value={String(settings.shard_size ?? 5e9)}
          allowDeselect={false}
          onChange={(value) => change({ shard_size: Number(value) })}
        />
      </div>
      <Checkbox
        mt={12}
        size="xs"
        label="Add the merged model to the models of this workspace"
        checked={settings.register}
        onChange={({ currentTarget }) => change({ register: currentTarget.checked })}
      />
    </>
  );
}

export const merge: WayOf<"merge"> = {
  way: "merge",
  label: "Merge",
  about: "One full model folder, which every program that loads Transformers models loads.",
  name: (row) => `${row} merged`,
  initial: { precision: null, shard_size: 5e9, register: true },
  Form: MergeForm,
  facts: (plan) => [{ name: "Precision", value: plan?.precision }],
};
