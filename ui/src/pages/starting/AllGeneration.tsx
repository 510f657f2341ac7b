import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { GREEDY } from "./generation";
import { SettingsButton } from "./SettingsDialog";

type Props = { text: string; onText: (text: string) => void; error?: string };

/** A button that opens all settings of the generation. */
export function AllGeneration({ text, onText, error }: Props) {
  return (
    <SettingsButton
      title="How answers are generated"
      label="All settings…"
      icon={<IconAdjustmentsHorizontal size={15} stroke={1.6} />}
      type="generation_config"
      text={text}
      onText={onText}
      start={GREEDY}
      error={error}
      about="How the next token is chosen, and when an answer ends."
    />
  );
}
