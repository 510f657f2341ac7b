import { TextInput } from "@mantine/core";
import css from "../../starting/Start.module.css";
import { BaseField } from "../BaseField";
import { GenerationFields } from "../GenerationFields";
import { DescriptionField, ModelNameField } from "../ModelFields";
import { fileNameOf } from "../PlaceField";
import type { WayFormProps, WayOf } from "../way";

function MlflowForm({ settings, change, page, table }: WayFormProps<"mlflow">) {
  return (
    <>
      <div className={css.two}>
        <ModelNameField
          label="Name of the registered model"
          field="registered_name"
          name={settings.name}
          change={change}
          page={page}
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
      <DescriptionField description={settings.description} change={change} />
      <GenerationFields
        generation={settings.generation ?? {}}
        change={(generation) => change({ generation })}
        page={page}
      />
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
