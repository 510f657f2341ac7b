import { Portal, Text } from "@mantine/core";
import { IconFileDownload } from "@tabler/icons-react";
import css from "./DropHint.module.css";

type Props = { title?: string; about?: string };

/** Covers the window while files are dragged over it. */
export function DropHint({
  title = "Drop to import as a dataset",
  about = "CSV, JSON, JSON Lines or Parquet, or a folder of them",
}: Props) {
  return (
    <Portal>
      <div className={css.drop}>
        <div className={css.target} role="status">
          <IconFileDownload size={48} stroke={1.5} aria-hidden />
          {title}
          <Text size="sm" fw={400} c="dimmed">
            {about}
          </Text>
        </div>
      </div>
    </Portal>
  );
}
