import css from "../../starting/Start.module.css";
import { BaseField } from "../BaseField";
import { GenerationFields } from "../GenerationFields";
import { ModelNameField } from "../ModelFields";
import { fileNameOf } from "../PlaceField";
import { WorkbenchField } from "../WorkbenchField";
import type { WayFormProps, WayOf } from "../way";

function RegistrationForm({ settings, change, page }: WayFormProps<"model_registry">) {
  return (
    <>
      <div className={css.two}>
        <WorkbenchField value={settings.target} change={(target) => change({ target })} page={page} />
        <ModelNameField
          label="Name of the registered model"
          field="registered_name"
          name={settings.name}
          change={change}
          page={page}
        />
        <BaseField page={page} />
      </div>
      <GenerationFields
        generation={settings.generation ?? {}}
        change={(generation) => change({ generation })}
        page={page}
      />
    </>
  );
}

export const registration: WayOf<"model_registry"> = {
  way: "model_registry",
  label: "Cloudera model registry",
  about:
    "A version in the registry of a workbench: a job there merges the adapter into its base model of the Hub.",
  initial: { target: "", name: "", generation: {} },
  initialOf: ({ label }) => ({ name: fileNameOf(label) }),
  name: (row) => row,
  Form: RegistrationForm,
  labels: { target: "Workbench", registered_name: "Name of the registered model" },
  facts: (_, { name }) => [{ name: "Registers", value: name }],
};
