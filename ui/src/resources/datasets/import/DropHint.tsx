import { Portal, Text } from "@mantine/core";
import { IconFileDownload } from "@tabler/icons-react";
import css from "./DropHint.module.css";

/** Covers the window while files are held over it. */
export function DropHint() {
  return (
    <Portal>
      <div className={css.drop}>
        <div className={css.target} role="status">
          <IconFileDownload size={48} stroke={1.5} aria-hidden />
          Drop to import as a dataset
          <Text size="sm" fw={400} c="dimmed">
            CSV, JSON or JSON Lines
          </Text>
        </div>
      </div>
    </Portal>
  );
}
