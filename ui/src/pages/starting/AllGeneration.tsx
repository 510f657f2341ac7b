import { Button, Modal } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useState } from "react";
import { GREEDY } from "./generation";
import { TextSettings } from "./TextSettings";

type Props = { text: string; onText: (text: string) => void; error?: string };

/** Everything that says how answers are generated, behind a button. */
export function AllGeneration({ text, onText, error }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconAdjustmentsHorizontal size={15} stroke={1.6} />}
        onClick={() => setOpen(true)}
      >
        All settings…
      </Button>
      {open && (
        <Modal
          opened
          onClose={() => setOpen(false)}
          title="How answers are generated"
          size="min(1240px, 96vw)"
          styles={{ body: { padding: 0 } }}
        >
          <TextSettings
            type="generation_config"
            text={text}
            onText={onText}
            start={GREEDY}
            error={error}
            about="How the next word is chosen, and when an answer ends."
          />
        </Modal>
      )}
    </>
  );
}
