import { Button, Group, TextInput } from "@mantine/core";
import { IconChartBar, IconEye } from "@tabler/icons-react";
import { useState } from "react";
import { fieldProps } from "../../components/form/fieldProps";
import { Panel } from "../../components/Panel";
import { ChatTemplateField, SystemPromptField } from "../../resources/jobs/choices/ChatFields";
import { isRelevant, trainsElsewhere, usesPrompt } from "../../resources/jobs/choices/shownChoices";
import css from "../starting/Start.module.css";
import { MethodField, RowFormatField } from "./choices/ChoiceFields";
import { RatingFields } from "./choices/RatingFields";
import { RowField } from "./fields";
import { LengthsDialog } from "./lengths/LengthsDialog";
import { TrainingPreviewDialog } from "./TrainingPreviewDialog";
import type { Training } from "./useTraining";

/** Base model, dataset, how its rows are read, and the name of the result. */
export function WhatPanel({ training }: { training: Training }) {
  const { values, shown } = training;
  const [preview, setPreview] = useState(false);
  const [lengths, setLengths] = useState(false);
  const elsewhere = trainsElsewhere(values);
  const whole = !elsewhere && shown.tuning === "full";
  const axolotl = values.framework_type === "axolotl" && !values.user_script;
  const ofDataset = values.dataset_id ? [{ column: "dataset_id", value: values.dataset_id }] : [];
  return (
    <Panel
      title="What"
      dense
      action={
        values.dataset_id &&
        !elsewhere && (
          <Group gap={4}>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconChartBar size={15} stroke={1.6} />}
              onClick={() => setLengths(true)}
            >
              Token lengths…
            </Button>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconEye size={15} stroke={1.6} />}
              onClick={() => setPreview(true)}
            >
              Preview…
            </Button>
          </Group>
        )
      }
    >
      <div className={css.two}>
        <RowField training={training} column="base_model_id" table="models" needed />
        <RowField training={training} column="dataset_id" table="datasets" needed />
        {values.dataset_id && !elsewhere && (
          <>
            <MethodField training={training} />
            <RowFormatField training={training} />
            {isRelevant("rating_column", values, shown) && <RatingFields training={training} />}
          </>
        )}
        {axolotl ? (
          <RowField
            training={training}
            column="axolotl_config_id"
            table="configs"
            filters={[{ column: "type", value: "axolotl" }]}
            needed
          />
        ) : elsewhere || usesPrompt(shown.row_format) ? (
          <RowField
            training={training}
            column="prompt_id"
            table="prompts"
            filters={ofDataset}
            needed={shown.row_format !== "text"}
          />
        ) : (
          <ChatTemplateField form={training} />
        )}
        <TextInput
          {...fieldProps(training, "adapter_name", whole ? "Name of the model" : undefined)}
          placeholder="Letters, digits and dashes"
          required
          autoComplete="off"
          spellCheck={false}
        />
        {isRelevant("system_prompt", values, shown) && (
          <div className={css.wide}>
            <SystemPromptField form={training} />
          </div>
        )}
      </div>
      {lengths && <LengthsDialog training={training} onClose={() => setLengths(false)} />}
      {preview && <TrainingPreviewDialog training={training} onClose={() => setPreview(false)} />}
    </Panel>
  );
}
