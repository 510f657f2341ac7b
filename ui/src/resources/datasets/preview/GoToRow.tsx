import { Button, Group, NumberInput, Tooltip } from "@mantine/core";
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";

type Props = {
  /** The number of rows; null if unknown. */
  total: number | null;
  onGo: (row: number) => void;
  /** The grid that this belongs to. Ctrl+G is ignored while a dialog covers it. */
  within: RefObject<HTMLElement | null>;
};

/** Goes to a row by its number. */
export function GoToRow({ total, onGo, within }: Props) {
  const [wanted, setWanted] = useState<number | string>("");
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "g") return;
      const dialogs = [...document.querySelectorAll('[role="dialog"][aria-modal="true"]')];
      const front = dialogs.at(-1);
      if (front && !front.contains(within.current)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [within]);

  function go(event: FormEvent) {
    event.preventDefault();
    // React events also reach the form of a surrounding dialog.
    event.stopPropagation();
    if (typeof wanted === "number") onGo(wanted - 1);
  }

  return (
    <form onSubmit={go} noValidate>
      <Group gap={4} wrap="nowrap">
        <Tooltip label="Ctrl+G">
          <NumberInput
            ref={field}
            aria-label="Go to row"
            placeholder="Go to row"
            size="xs"
            w={104}
            min={1}
            max={total ?? undefined}
            allowDecimal={false}
            allowNegative={false}
            thousandSeparator=","
            hideControls
            value={wanted}
            onChange={setWanted}
          />
        </Tooltip>
        <Button type="submit" variant="default" disabled={typeof wanted !== "number"}>
          Go
        </Button>
      </Group>
    </form>
  );
}
