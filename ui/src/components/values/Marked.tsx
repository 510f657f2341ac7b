import { Tooltip } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import css from "./Value.module.css";

/** A value with a warning sign; `why` is the warning. */
export function Marked({ why, children }: { why: string; children: ReactNode }) {
  return (
    <Tooltip label={why}>
      <span className={css.marked}>
        <IconAlertTriangle size={14} stroke={1.8} role="img" aria-label={why} />
        <span className={css.text}>{children}</span>
      </span>
    </Tooltip>
  );
}
