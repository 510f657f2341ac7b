import { SettingsButton } from "./SettingsDialog";

type Props = { text: string; onText: (text: string) => void; error: string | undefined };

/** Loads models smaller, where there is a GPU that can. */
export function Quantization({ text, onText, error }: Props) {
  return (
    <SettingsButton
      title="Quantization"
      label={text ? "Quantized…" : "Quantization…"}
      type="bitsandbytes_config"
      text={text}
      onText={onText}
      start="{}"
      error={error}
      about="Models are loaded smaller. Leave the text empty to load them as they are."
    />
  );
}
