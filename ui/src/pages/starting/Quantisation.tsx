import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { TextSettings } from "./TextSettings";

type Props = { text: string; onText: (text: string) => void; error: string | undefined };

/** Loads models smaller, where there is a GPU that can. */
export function Quantisation({ text, onText, error }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="subtle" size="compact-sm" onClick={() => setOpen(true)}>
        {text ? "Quantised…" : "Quantisation…"}
      </Button>
      {open && (
        <Modal
          opened
          onClose={() => setOpen(false)}
          title="Quantisation"
          size="min(1240px, 96vw)"
          styles={{ body: { padding: 0 } }}
        >
          <TextSettings
            type="bitsandbytes_config"
            text={text}
            onText={onText}
            start="{}"
            error={error}
            about="Models are loaded smaller. Leave the text empty to load them as they are."
          />
        </Modal>
      )}
    </>
  );
}
