import { Button, Tooltip } from "@mantine/core";
import { IconArrowsDiff } from "@tabler/icons-react";
import { useState } from "react";
import { CompareDialog } from "./CompareDialog";

/** Compares the two configs that are selected in the list. */
export function CompareSelected({ ids }: { ids: string[] }) {
  const [open, setOpen] = useState(false);
  const [a, b, ...more] = ids;
  const two = a !== undefined && b !== undefined && more.length === 0;
  return (
    <>
      <Tooltip label="Select two configs to compare them" disabled={two}>
        <Button
          variant="default"
          leftSection={<IconArrowsDiff size={15} stroke={1.6} />}
          data-disabled={!two || undefined}
          aria-disabled={!two}
          onClick={() => two && setOpen(true)}
        >
          Compare
        </Button>
      </Tooltip>
      {open && two && <CompareDialog a={{ id: a, label: "" }} b={b} onClose={() => setOpen(false)} />}
    </>
  );
}
