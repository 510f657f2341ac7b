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
      about="Loads models with fewer bits. Leave the text empty for no quantization."
    />
  );
}
