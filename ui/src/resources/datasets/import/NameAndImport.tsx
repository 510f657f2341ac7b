import { Button, Group, Text, TextInput } from "@mantine/core";
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { importDataset } from "../../../api/datasetFiles";
import { useStoreChanged } from "../../../api/store";
import { useTask } from "../../../api/useTask";
import type { Created, ReadOptions } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { WorkProgress } from "../../../components/WorkProgress";
import { formatNumber } from "../../../format/numbers";
import css from "./FileImport.module.css";
import type { FileRead } from "./FileReview";
import { pickDatasetFile } from "./queue";

type Props = FileRead & {
  path: string;
  options: ReadOptions;
  name: string;
  onName: (name: string) => void;
  /** Whether the field of the name had the focus once. */
  focused: RefObject<boolean>;
  leaveLabel: string;
  onLeave: () => void;
  onReplace: (path: string) => void;
  onImported: (created: Created, rows: number) => void;
  onBusy: (busy: boolean) => void;
};

/** The name of the dataset, the Import button, and the reason if it is disabled. */
export function NameAndImport({
  path,
  options,
  scan,
  reading,
  errors,
  name,
  onName,
  focused,
  leaveLabel,
  onLeave,
  onReplace,
  onImported,
  onBusy,
}: Props) {
  /** The refused name. The message disappears when the name changes. */
  const [refused, setRefused] = useState<string | null>(null);
  const { state, run, cancel } = useTask<Created>();
  const storeChanged = useStoreChanged();
  const field = useRef<HTMLInputElement>(null);
  const importing = state.status === "running";
  const ready = scan !== null && errors === 0 && name.trim() !== "" && state.status !== "done";

  // The dialog was open before this field was mounted, so it is not focused automatically.
  useEffect(() => {
    if (focused.current) return;
    focused.current = true;
    field.current?.focus();
    field.current?.select();
  }, [focused]);
  useEffect(() => onBusy(importing), [importing, onBusy]);

  const failure = state.status === "failed" ? state.error : null;
  const nameProblem = failure?.fields.find(({ column }) => column === "name")?.message;
  useEffect(() => {
    if (nameProblem) field.current?.focus();
  }, [nameProblem]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready || importing) return;
    // The button is removed while the import runs, with the focus if it had it.
    field.current?.focus();
    setRefused(name);
    const created = await run(importDataset(path, name.trim(), options));
    if (!created) return;
    void storeChanged();
    onImported(created, scan.rows);
  }

  async function pickAnother() {
    const picked = await pickDatasetFile();
    if (picked) onReplace(picked);
  }

  const nameError =
    name.trim() === "" ? "Give the dataset a name." : name === refused ? nameProblem : undefined;
  return (
    <form className={css.foot} onSubmit={submit} noValidate>
      {failure && !nameProblem && <Refusal error={failure} mb="sm" />}
      <Group align="flex-start" gap="md" wrap="nowrap">
        <TextInput
          ref={field}
          data-autofocus
          label="Name"
          description="The file stays where it is."
          required
          flex={1}
          maw={420}
          value={name}
          onChange={(event) => onName(event.currentTarget.value)}
          error={nameError}
          readOnly={importing}
        />
        {importing ? (
          <Group flex={1} mt={22} h={36}>
            <WorkProgress
              label="Importing the file"
              verb="read"
              progress={state.progress}
              stopLabel="Stop importing"
              stopping={state.cancelling}
              onStop={cancel}
            />
          </Group>
        ) : (
          <Group gap="xs" ml="auto" mt={22} wrap="nowrap" justify="flex-end">
            <Text size="sm" c={errors > 0 ? "var(--mantine-color-error)" : "dimmed"} role="status">
              {state.status === "cancelled" && scan
                ? "Importing was stopped. Nothing was saved."
                : obstacle(reading, errors)}
            </Text>
            <Button variant="default" onClick={onLeave}>
              {leaveLabel}
            </Button>
            {errors > 0 ? (
              <>
                <Button variant="default" onClick={pickAnother}>
                  Choose another file
                </Button>
                <Button variant="default" onClick={() => onReplace(path)}>
                  Read again
                </Button>
              </>
            ) : null}
            <Button type="submit" disabled={!ready}>
              Import
            </Button>
          </Group>
        )}
      </Group>
    </form>
  );
}

/** The reason why the Import button is disabled; empty if it is not. */
function obstacle(reading: boolean, errors: number): string {
  if (errors === 1) return "Correct the error in the file, then read it again.";
  if (errors > 1) return `Correct the ${formatNumber(errors)} errors in the file, then read it again.`;
  return reading ? "You can import the file once it is fully read." : "";
}
