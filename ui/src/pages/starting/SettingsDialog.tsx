import { Button, Modal } from "@mantine/core";
import { type ComponentProps, type ReactNode, useState } from "react";
import { TextSettings } from "./TextSettings";

type Props = { title: string; onClose: () => void; children: ReactNode };

/** A dialog wide enough for settings beside their text. */
export function SettingsDialog({ title, onClose, children }: Props) {
  return (
    <Modal opened onClose={onClose} title={title} size="min(1240px, 96vw)" styles={{ body: { padding: 0 } }}>
      {children}
    </Modal>
  );
}

type ButtonProps = ComponentProps<typeof TextSettings> & {
  /** The title of the dialog. */
  title: string;
  /** The label of the button. */
  label: string;
  icon?: ReactNode;
};

/** A button that opens the settings of one config. */
export function SettingsButton({ title, label, icon, ...settings }: ButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="subtle" size="compact-sm" leftSection={icon} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open && (
        <SettingsDialog title={title} onClose={() => setOpen(false)}>
          <TextSettings {...settings} />
        </SettingsDialog>
      )}
    </>
  );
}
