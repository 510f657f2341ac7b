import { Button, Group } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { AppError } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { pickDatasetFile, pickDatasetFolder } from "./queue";

type Props = {
  path: string;
  error: AppError;
  leaveLabel: string;
  onLeave: () => void;
  onReplace: (path: string) => void;
};

/** The error of a file that cannot be opened. */
export function Unreadable({ path, error, leaveLabel, onLeave, onReplace }: Props) {
  const way = useRef<HTMLButtonElement>(null);

  // The dialog was open before this button was mounted, so it is not focused automatically.
  useEffect(() => way.current?.focus(), []);

  async function pickAnother(pick: () => Promise<string | null>) {
    const picked = await pick();
    if (picked) onReplace(picked);
  }

  return (
    <>
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
    </>
  );
}
