import { Button, Group, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import type { AppError } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { fileName } from "../../../format/paths";
import css from "./FileImport.module.css";
import { pickDatasetFile, pickDatasetFolder } from "./queue";

type Props = {
  path: string;
  error: AppError;
  /** The ways to read the file, where there is a choice. */
  choices?: ReactNode;
  leaveLabel: string;
  onLeave: () => void;
  onReplace: (path: string) => void;
};

/** The error of a file that cannot be opened. */
export function Unreadable({ path, error, choices, leaveLabel, onLeave, onReplace }: Props) {
  const way = useRef<HTMLButtonElement>(null);

  // The dialog was open before this button was mounted, so it is not focused automatically.
  useEffect(() => way.current?.focus(), []);

  async function pickAnother(pick: () => Promise<string | null>) {
    const picked = await pick();
    if (picked) onReplace(picked);
  }

  return (
    <div className={css.body}>
      <Text fw={600} title={path}>
        {fileName(path)}
      </Text>
      {choices}
      <Refusal error={error} mt="xs" />
      <Group justify="flex-end" gap="xs" mt="auto">
        <Button variant="default" onClick={onLeave}>
          {leaveLabel}
        </Button>
        <Button variant="default" onClick={() => onReplace(path)}>
          Try again
        </Button>
        <Button variant="default" onClick={() => void pickAnother(pickDatasetFolder)}>
          Choose a folder
        </Button>
        <Button ref={way} data-autofocus onClick={() => void pickAnother(pickDatasetFile)}>
          Choose another file
        </Button>
      </Group>
    </div>
  );
}
