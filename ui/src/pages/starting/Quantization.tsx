import { SettingsButton } from "./SettingsDialog";

type Props = { text: string; onText: (text: string) => void; error: string | undefined };

/** The quantization of models on a GPU. */
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
