import { Button } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { openPreview } from "./opened";

/** Shows the rows of a dataset as a training sees them. */
export function PreviewButton({ dataset }: { dataset: string }) {
  return (
    <Button
      variant="default"
      mt={10}
      leftSection={<IconEye size={15} stroke={1.6} />}
      onClick={() => openPreview({ dataset })}
    >
      Preview for training…
    </Button>
  );
}
