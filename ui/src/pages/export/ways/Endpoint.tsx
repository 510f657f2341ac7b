import { Checkbox } from "@mantine/core";
import css from "../../starting/Start.module.css";
import { BaseField } from "../BaseField";
import { GenerationFields } from "../GenerationFields";
import { DescriptionField, ModelNameField } from "../ModelFields";
import { fileNameOf } from "../PlaceField";
import { WorkbenchField } from "../WorkbenchField";
import type { WayFormProps, WayOf } from "../way";

function EndpointForm({ settings, change, page }: WayFormProps<"cml_model">) {
  return (
    <>
      <div className={css.two}>
        <WorkbenchField value={settings.target} change={(target) => change({ target })} page={page} />
        <ModelNameField
          label="Name of the model there"
          field="endpoint_name"
          name={settings.name}
          change={change}
          page={page}
        />
        <BaseField page={page} />
      </div>
      <DescriptionField description={settings.description} change={change} />
      <Checkbox
        mt={14}
        size="xs"
        label="Answers everyone who has its access key"
        description="Otherwise a key of the workbench is needed, too."
        checked={settings.open ?? false}
        onChange={({ currentTarget }) => change({ open: currentTarget.checked })}
      />
      <GenerationFields
        generation={settings.generation ?? {}}
        change={(generation) => change({ generation })}
        page={page}
      />
    </>
  );
}

export const endpoint: WayOf<"cml_model"> = {
  way: "cml_model",
  label: "Cloudera model endpoint",
  about: "A model that a workbench builds, deploys and serves: the adapter over its base model of the Hub.",
  initial: { target: "", name: "", description: null, generation: {}, open: false },
  initialOf: ({ label }) => ({ name: fileNameOf(label) }),
  name: (row) => row,
  Form: EndpointForm,
  labels: { target: "Workbench", endpoint_name: "Name of the model there" },
  facts: (_, { name }) => [{ name: "Serves", value: name }],
};
