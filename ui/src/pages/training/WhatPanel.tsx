import { TextInput } from "@mantine/core";
import { Panel } from "../../components/Panel";
import { fieldProps } from "../starting/fieldProps";
import css from "../starting/Start.module.css";
import { RowField } from "./fields";
import type { Training } from "./useTraining";

/** Base model, dataset, prompt and the name of the adapter. */
export function WhatPanel({ training }: { training: Training }) {
  const { values } = training;
  const axolotl = values.framework_type === "axolotl" && !values.user_script;
  const ofDataset = values.dataset_id ? [{ column: "dataset_id", value: values.dataset_id }] : [];
  return (
    <Panel title="What" dense>
      <div className={css.two}>
        <RowField training={training} column="base_model_id" table="models" needed />
        <RowField training={training} column="dataset_id" table="datasets" needed />
        {axolotl ? (
          <RowField
            training={training}
            column="axolotl_config_id"
            table="configs"
            filters={[{ column: "type", value: "axolotl" }]}
            needed
          />
        ) : (
          <RowField training={training} column="prompt_id" table="prompts" filters={ofDataset} needed />
        )}
        <TextInput
          {...fieldProps(training, "adapter_name")}
          placeholder="Letters, digits and dashes"
          required
          autoComplete="off"
          spellCheck={false}
        />
      </div>
    </Panel>
  );
}
