import { Alert, Button, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Setting, SettingMark, TypedSettings } from "../../../bindings";
import css from "./ConfigForm.module.css";
import { settingsIn, withSetting } from "./jsonText";
import { Remarks } from "./Remarks";
import { SettingField } from "./SettingField";

type Props = {
  settings: TypedSettings;
  text: string;
  marks: SettingMark[];
  onText: (text: string) => void;
  /** Texts to choose from in lists, by the name of the setting. */
  choices?: Record<string, string[]> | undefined;
  /** The method of training that the settings are for. Left out where they may be for any. */
  method?: string | undefined;
};

/** The settings of a config as fields. They edit the same text as the editor beside them. */
export function SettingsForm({ settings, text, marks, onText, choices, method }: Props) {
  const [all, setAll] = useState(false);
  const said = settingsIn(text);
  const start = settingsIn(settings.default);
  const groups = settings.groups
    .filter((group) => !method || !group.method || group.method === method)
    // Of any method: those of single ones are for few.
    .map((group) => ({ ...group, rare: !method && group.method !== null }));
  const isShown = ({ name, advanced }: Setting, rare: boolean) =>
    all || (!advanced && !rare) || said?.has(name);
  const hidden = groups.flatMap(({ settings, rare }) => settings.filter((s) => !isShown(s, rare)));
  const described = groups.flatMap((group) => group.settings.map(({ name }) => name));
  const strange = marks.filter(({ setting }) => !described.includes(setting));
  const unchecked = strange
    .filter(({ kind }) => kind === "unknown" || kind === "unchecked")
    .map(({ setting }) => setting);
  return (
    <section aria-label="Settings, one by one" className={css.settings}>
      {!said && (
        <Alert color="yellow" variant="light">
          The text beside is not valid JSON. Correct it there to continue here.
        </Alert>
      )}
      {groups.map(({ title, settings, rare }) => {
        const shown = settings.filter((setting) => isShown(setting, rare));
        if (shown.length === 0) return null;
        return (
          <fieldset key={title} className={css.group}>
            <Title order={3} component="legend">
              {title}
            </Title>
            {shown.map((setting) => (
              <SettingField
                key={setting.name}
                setting={setting}
                written={said?.get(setting.name)}
                start={start?.get(setting.name)?.text}
                marks={marks.filter((mark) => mark.setting === setting.name)}
                disabled={!said}
                choices={choices?.[setting.name] ?? []}
                onWrite={(written) => onText(withSetting(text, setting.name, written))}
              />
            ))}
          </fieldset>
        );
      })}
      <Remarks marks={strange} />
      {unchecked.length > 0 && (
        <Text size="sm" c="dimmed">
          Not checked, and kept as they are: {unchecked.join(", ")}.
        </Text>
      )}
      {(all || hidden.length > 0) && (
        <Button variant="subtle" className={css.more} onClick={() => setAll(!all)}>
          {all ? "Show fewer settings" : `Show ${hidden.length} more settings`}
        </Button>
      )}
    </section>
  );
}
