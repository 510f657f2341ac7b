import { Collapse, TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { TrainingChoices } from "../../../bindings";
import { fieldProps } from "../../../components/form/fieldProps";
import { ReferenceField } from "../../../components/form/ReferenceField";
import { ChoiceSelect } from "../../../resources/jobs/choices/ChoiceSelect";
import { help, tunings } from "../../../resources/jobs/choices/options";
import { isRelevant } from "../../../resources/jobs/choices/shownChoices";
import css from "../../starting/Start.module.css";
import type { Training } from "../useTraining";

const fields: (keyof TrainingChoices)[] = ["tuning", "adapter_init", "early_stopping_patience"];

/** Which weights are trained, from where they start, and when the training ends early. */
export function AdaptingFields({ training }: { training: Training }) {
  const { values, shown, set, starting } = training;
  const id = useId();
  const [open, setOpen] = useState(fields.some((field) => values[field]));
  const refused = starting.problems.some(({ column }) => fields.some((field) => field === column));
  const expanded = open || refused;
  const Chevron = expanded ? IconChevronDown : IconChevronRight;
  const helped = (field: "adapter_init" | "early_stopping_patience") => {
    const common = fieldProps(training, field);
    return { ...common, description: common.description ?? help[field] };
  };
  const ofModel = values.base_model_id ? [{ column: "model_id", value: values.base_model_id }] : [];
  return (
    <>
      <UnstyledButton
        fz="sm"
        mt={10}
        aria-expanded={expanded}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Chevron size={14} stroke={1.8} aria-hidden style={{ verticalAlign: -2 }} /> Trained weights and early
        stopping
      </UnstyledButton>
      <Collapse id={id} expanded={expanded}>
        <div className={css.two} style={{ paddingTop: 8 }}>
          <ChoiceSelect
            common={fieldProps(training, "tuning")}
            options={tunings}
            value={shown.tuning ?? null}
            onChoose={(tuning) => set("tuning", tuning)}
          />
          <TextInput
            {...helped("early_stopping_patience")}
            placeholder="Never"
            inputMode="numeric"
            autoComplete="off"
          />
          {isRelevant("adapter_init", values, shown) && (
            <ReferenceField
              table="adapters"
              common={{ ...helped("adapter_init"), placeholder: "None, a new one" }}
              link={undefined}
              filters={ofModel}
            />
          )}
        </div>
      </Collapse>
    </>
  );
}
