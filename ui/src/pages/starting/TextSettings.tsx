import { Text } from "@mantine/core";
import { settingsOf, useConfigCheck } from "../../api/configs";
import type { ConfigType } from "../../bindings";
import { CodeField } from "../../components/editor/CodeField";
import css from "../../resources/configs/form/ConfigForm.module.css";
import { SettingsForm } from "../../resources/configs/form/SettingsForm";

type Props = {
  type: ConfigType;
  text: string;
  onText: (text: string) => void;
  /** The config that settings are reset to, as text. */
  start: string | undefined;
  error: string | undefined;
  /** A sentence above the settings. */
  about: string;
  /** Texts to choose from in lists, by the name of the setting. */
  choices?: Record<string, string[]>;
  /** The method of training that the settings are for. */
  method?: string | undefined;
};

/** The settings of a config as a form, beside its text. */
export function TextSettings({ type, text, onText, start, error, about, choices, method }: Props) {
  const check = useConfigCheck(type, text, null).data;
  const settings = settingsOf(type);
  return (
    <div style={{ height: "min(64vh, 620px)", display: "flex", flexDirection: "column" }}>
      <Text size="sm" c="dimmed" px={24} py={10}>
        {about}
      </Text>
      <div className={css.split}>
        <div className={css.left}>
          {settings && (
            <SettingsForm
              settings={{ ...settings, default: start ?? settings.default }}
              text={text}
              marks={check?.marks ?? []}
              onText={onText}
              choices={choices}
              method={method}
            />
          )}
        </div>
        <div className={css.right}>
          <CodeField
            label="As text"
            language="json"
            value={text}
            // The editor also reports a text that was passed in.
            onChange={(next) => next !== text && onText(next)}
            error={check?.problem?.message ?? error}
            minRows={14}
            maxRows={26}
          />
        </div>
      </div>
    </div>
  );
}
