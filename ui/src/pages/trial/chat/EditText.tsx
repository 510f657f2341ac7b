import { Button, Group, Textarea } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";

type Props = {
  label: string;
  text: string;
  action: string;
  /** A text of a model may be empty. */
  mayBeEmpty?: boolean;
  onDone: (text: string) => void;
  onCancel: () => void;
};

/** A text in place of the one that is shown, until it is done or cancelled. */
export function EditText({ label, text, action, mayBeEmpty = false, onDone, onCancel }: Props) {
  const [edited, setEdited] = useState(text);
  const against = !mayBeEmpty && edited.trim() === "";
  const done = () => {
    if (!against) onDone(edited);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onCancel();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      done();
    }
  };
  return (
    <div style={{ width: "100%" }}>
      <Textarea
        aria-label={label}
        value={edited}
        onChange={({ currentTarget }) => setEdited(currentTarget.value)}
        onKeyDown={onKeyDown}
        autosize
        minRows={2}
        maxRows={14}
        autoFocus
        onFocus={({ currentTarget }) => currentTarget.setSelectionRange(edited.length, edited.length)}
      />
      <Group gap={8} mt={8} justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button disabled={against} onClick={done}>
          {action}
        </Button>
      </Group>
    </div>
  );
}
