import { Collapse, Group, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { Row } from "../../bindings";
import { CopyButton } from "../clipboard";
import css from "./Detail.module.css";

/** The stored row as JSON, folded. */
export function RawRow({ row }: { row: Row }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const text = JSON.stringify(row, null, 2);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      <Group gap={4} justify="space-between">
        <UnstyledButton fz="sm" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <Group gap={4}>
            <Chevron size={14} stroke={1.8} aria-hidden />
            {open ? "Hide JSON" : "Show JSON"}
          </Group>
        </UnstyledButton>
        <CopyButton value={text} what="row as JSON" />
      </Group>
      <Collapse id={id} expanded={open} mt={8}>
        <pre className={css.text}>{text}</pre>
      </Collapse>
    </>
  );
}
