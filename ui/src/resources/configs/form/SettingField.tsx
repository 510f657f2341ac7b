import { ActionIcon, Tooltip } from "@mantine/core";
import { IconRestore } from "@tabler/icons-react";
import type { Setting, SettingMark } from "../../../bindings";
import { formatSettingText } from "../../../format/settings";
import css from "./ConfigForm.module.css";
import { SettingInput, type WrittenSetting } from "./SettingInput";

type Props = {
  setting: Setting;
  /** The setting as the config's text has it. */
  written: WrittenSetting | undefined;
  /** The value in a new config of the type, as JSON text. */
  start: string | undefined;
  marks: SettingMark[];
  disabled: boolean;
  /** Texts to choose from in a list. */
  choices: string[];
  /** Writes JSON text into the config; null removes the setting. */
  onWrite: (written: string | null) => void;
};

/** The field of one setting, with its help and a button that resets it. */
export function SettingField(props: Props) {
  const { setting, written, start, marks, disabled, choices, onWrite } = props;
  const changed = !disabled && !same(written?.text ?? setting.left_out, start ?? setting.left_out);
  const wrong = marks.find(({ kind }) => kind === "wrong")?.message;
  const notes = marks.filter(({ kind }) => kind === "note").map(({ message }) => message);
  const common = {
    label: setting.label,
    description: (
      <>
        {setting.help}
        {notes.map((note) => (
          <span key={note} className={css.note}>
            {note}
          </span>
        ))}
      </>
    ),
    error: wrong,
    disabled,
  };
  const back = start ?? null;
  return (
    <div className={css.setting} data-changed={changed || undefined} title={setting.name}>
      <SettingInput setting={setting} written={written} choices={choices} onWrite={onWrite} common={common} />
      {changed && (
        <Tooltip
          label={
            start === undefined
              ? `Leave out (${formatSettingText(setting.left_out)})`
              : `Default: ${formatSettingText(start)}`
          }
        >
          <ActionIcon
            className={css.reset}
            size="xs"
            variant="subtle"
            color="gray"
            disabled={disabled}
            aria-label={`Reset ${setting.label} to ${formatSettingText(back ?? setting.left_out)}`}
            onClick={() => onWrite(back)}
          >
            <IconRestore size={13} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}

/** Whether two JSON texts have the same value, as 1 and 1.0 have. */
function same(a: string, b: string): boolean {
  return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
}
