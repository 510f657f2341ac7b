import { Button, Input, SegmentedControl, Select } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useId, useState } from "react";
import { fieldProps } from "../../components/form/fieldProps";
import { Panel } from "../../components/Panel";
import { settingsIn } from "../../resources/configs/form/jsonText";
import { TrainOnField } from "../../resources/jobs/choices/ChatFields";
import { help } from "../../resources/jobs/choices/options";
import { isRelevant, makesAdapter, trainsElsewhere } from "../../resources/jobs/choices/shownChoices";
import css from "../starting/Start.module.css";
import { AllSettings } from "./AllSettings";
import { AdaptingFields } from "./choices/AdaptingFields";
import { NumberField, SettingNumber, shownSettings } from "./fields";
import { useArgumentPresets } from "./useArgumentPresets";
import type { Training } from "./useTraining";

/** The settings that are changed most, and a button for all of them. */
export function HowPanel({ training }: { training: Training }) {
  const [all, setAll] = useState(false);
  const presets = useArgumentPresets(training);
  const { values, shown } = training;
  const axolotl = values.framework_type === "axolotl" && !values.user_script;
  const elsewhere = trainsElsewhere(values);
  return (
    <Panel
      title="How"
      dense
      action={
        !axolotl && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconAdjustmentsHorizontal size={15} stroke={1.6} />}
            onClick={() => setAll(true)}
          >
            All settings…
          </Button>
        )
      }
    >
      <div className={css.four}>
        {!axolotl && (
          <>
            <div className={css.wide}>
              <Select
                {...fieldProps(training, "training_arguments_config", "Settings to start from")}
                error={argumentsProblem(training)}
                data={presets.choices}
                value={presets.chosen}
                onChange={presets.choose}
                allowDeselect={false}
              />
            </div>
            <div className={css.wide}>
              {(elsewhere || !shown.row_format || shown.row_format === "prompt_completion") && (
                <LossOn training={training} />
              )}
              {isRelevant("train_on", values, shown) && <TrainOnField form={training} />}
            </div>
          </>
        )}
        <NumberField training={training} column="num_epochs" />
        <NumberField training={training} column="learning_rate" />
        {!axolotl && (
          <>
            <SettingNumber
              training={training}
              column="training_arguments_config"
              name="per_device_train_batch_size"
              label="Batch size"
            />
            <SettingNumber
              training={training}
              column="training_arguments_config"
              name="max_length"
              label="Tokens per row"
            />
            {makesAdapter(values, shown) && (
              <>
                <SettingNumber training={training} column="lora_config" name="r" label="LoRA rank" />
                <SettingNumber
                  training={training}
                  column="lora_config"
                  name="lora_alpha"
                  label="LoRA alpha"
                />
              </>
            )}
          </>
        )}
        <NumberField training={training} column="dataset_fraction" />
        <NumberField training={training} column="train_test_split" />
      </div>
      {!elsewhere && <AdaptingFields training={training} />}
      {all && <AllSettings training={training} onClose={() => setAll(false)} />}
    </Panel>
  );
}

/** Problems of the training arguments that no field of the page shows. */
function argumentsProblem({ starting: { problems } }: Training): string | undefined {
  const others = problems.filter(
    ({ column, message }) =>
      column === "training_arguments_config" && !shownSettings.some((name) => message.startsWith(`${name} `)),
  );
  return others.map(({ message }) => message).join(" ") || undefined;
}

function LossOn({ training }: { training: Training }) {
  const id = useId();
  const column = "training_arguments_config";
  const everything = settingsIn(training.texts[column])?.get("completion_only_loss")?.value === false;
  return (
    <Input.Wrapper
      label="Learns from"
      labelElement="div"
      labelProps={{ id }}
      description={help[everything ? "whole_text" : "completion_only"]}
    >
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby={id}
        disabled={!training.plan}
        data={[
          { value: "completion", label: "The completion only" },
          { value: "everything", label: "Everything" },
        ]}
        value={everything ? "everything" : "completion"}
        onChange={(value) =>
          training.setSetting(column, "completion_only_loss", String(value !== "everything"))
        }
      />
    </Input.Wrapper>
  );
}
