import { Button, Modal } from "@mantine/core";
import { type ComponentProps, type ReactNode, useState } from "react";
import { TextSettings } from "./TextSettings";

type Props = { title: string; onClose: () => void; children: ReactNode };

/** A dialog with the room that settings beside their text need. */
export function SettingsDialog({ title, onClose, children }: Props) {
  return (
    <Modal opened onClose={onClose} title={title} size="min(1240px, 96vw)" styles={{ body: { padding: 0 } }}>
      {children}
    </Modal>
  );
}

type ButtonProps = ComponentProps<typeof TextSettings> & {
  /** What the dialog is called. */
  title: string;
  /** What the button says. */
  label: string;
  icon?: ReactNode;
};

/** The settings of one config, behind a button. */
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
