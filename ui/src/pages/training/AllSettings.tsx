import { Button, Group, Tabs } from "@mantine/core";
import { settingsOf } from "../../api/configs";
import { makesAdapter, trainsElsewhere } from "../../resources/jobs/choices/shownChoices";
import { SettingsDialog } from "../starting/SettingsDialog";
import { TextSettings } from "../starting/TextSettings";
import type { Training } from "./useTraining";

/** All settings of a training, as forms and as text. */
export function AllSettings({ training, onClose }: { training: Training; onClose: () => void }) {
  const { values, shown, plan, texts, setText, problem } = training;
  // Quantization needs a GPU. A copied job may have it all the same.
  const quantized = values.adapter_bnb_config || !plan || plan.quantizes;
  const text = (column: string) => ({
    onText: (next: string) => setText(column, next),
    error: problem(column),
  });
  return (
    <SettingsDialog title="All settings" onClose={onClose}>
      <Tabs defaultValue="arguments" keepMounted={false}>
        <Tabs.List px={16}>
          <Tabs.Tab value="arguments">Training arguments</Tabs.Tab>
          {makesAdapter(values, shown) && <Tabs.Tab value="lora">LoRA</Tabs.Tab>}
          {quantized && <Tabs.Tab value="quantization">Quantization</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="arguments">
          <TextSettings
            {...text("training_arguments_config")}
            type="training_arguments"
            method={trainsElsewhere(values) ? undefined : shown.method}
            text={texts.training_arguments_config}
            start={values.training_arguments_config ? undefined : plan?.training_arguments}
            about="All settings of the trainer. Epochs and learning rate are the same as on the page."
          />
        </Tabs.Panel>
        <Tabs.Panel value="lora">
          <TextSettings
            {...text("lora_config")}
            type="lora_config"
            text={texts.lora_config}
            start={settingsOf("lora_config")?.default}
            about="The size of the adapter, and the parts of the model that it changes."
            choices={{
              target_modules: plan?.modules?.choices ?? [],
              rank_pattern: plan?.modules?.choices ?? [],
              alpha_pattern: plan?.modules?.choices ?? [],
            }}
          />
        </Tabs.Panel>
        <Tabs.Panel value="quantization">
          <TextSettings
            {...text("adapter_bnb_config")}
            type="bitsandbytes_config"
            text={values.adapter_bnb_config ?? ""}
            start="{}"
            about="Loads the model with fewer bits while the adapter trains. Leave the text empty for no quantization."
          />
        </Tabs.Panel>
      </Tabs>
      <Group justify="flex-end" p={16}>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </SettingsDialog>
  );
}
