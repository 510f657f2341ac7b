import { Button, Group, Modal, Tabs, Text } from "@mantine/core";
import { settingsOf, useConfigCheck } from "../../api/configs";
import type { ConfigType } from "../../bindings";
import { CodeField } from "../../components/editor/CodeField";
import css from "../../resources/configs/form/ConfigForm.module.css";
import { SettingsForm } from "../../resources/configs/form/SettingsForm";
import type { Training } from "./useTraining";

type TextColumn = "training_arguments_config" | "lora_config" | "adapter_bnb_config";

/** Every setting of a training, one by one and as the text they stand in. */
export function AllSettings({ training, onClose }: { training: Training; onClose: () => void }) {
  const { values, plan } = training;
  // Quantisation needs a GPU; a job that has it already shows it in any case.
  const quantised = values.adapter_bnb_config || !plan?.device.startsWith("The processor");
  return (
    <Modal opened onClose={onClose} title="All settings" size="min(1240px, 96vw)" padding={0}>
      <Tabs defaultValue="training_arguments_config" keepMounted={false}>
        <Tabs.List px={16}>
          <Tabs.Tab value="training_arguments_config">Training arguments</Tabs.Tab>
          <Tabs.Tab value="lora_config">LoRA</Tabs.Tab>
          {quantised && <Tabs.Tab value="adapter_bnb_config">Quantisation</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="training_arguments_config">
          <TextSettings training={training} column="training_arguments_config" type="training_arguments">
            Epochs and the learning rate stand on the page itself, and win over this text.
          </TextSettings>
        </Tabs.Panel>
        <Tabs.Panel value="lora_config">
          <TextSettings training={training} column="lora_config" type="lora_config">
            How large the adapter is, and what of the model it changes.
          </TextSettings>
        </Tabs.Panel>
        <Tabs.Panel value="adapter_bnb_config">
          <TextSettings training={training} column="adapter_bnb_config" type="bitsandbytes_config">
            The model is loaded smaller while the adapter trains. Leave it empty for none.
          </TextSettings>
        </Tabs.Panel>
      </Tabs>
      <Group justify="flex-end" p={16}>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Modal>
  );
}

type Props = { training: Training; column: TextColumn; type: ConfigType; children: string };

function TextSettings({ training, column, type, children }: Props) {
  const { values, plan, texts, setText } = training;
  const made =
    column === "lora_config"
      ? plan?.lora
      : column === "training_arguments_config"
        ? plan?.training_arguments
        : "{}";
  const text = column === "adapter_bnb_config" ? (values[column] ?? "") : texts[column];
  const check = useConfigCheck(type, text, null).data;
  const settings = settingsOf(type);
  // What the program would choose is what a setting goes back to.
  const start = values[column] ? settings?.default : made;
  return (
    <div style={{ height: "min(64vh, 620px)", display: "flex", flexDirection: "column" }}>
      <Text size="sm" c="dimmed" px={24} py={10}>
        {children}
      </Text>
      <div className={css.split}>
        <div className={css.left}>
          {settings && (
            <SettingsForm
              settings={{ ...settings, default: start ?? settings.default }}
              text={text}
              marks={check?.marks ?? []}
              onText={(next) => setText(column, next)}
            />
          )}
        </div>
        <div className={css.right}>
          <CodeField
            label="As text"
            language="json"
            value={text}
            onChange={(next) => next !== text && setText(column, next)}
            error={check?.problem?.message ?? training.problem(column)}
            minRows={14}
            maxRows={26}
          />
        </div>
      </div>
    </div>
  );
}
