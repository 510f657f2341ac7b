import { Badge, Button, Group, Text, Tooltip } from "@mantine/core";
import type { Diagnosis, Preview } from "../../../bindings";
import { fileName } from "../../../format/paths";
import { plural } from "../../../format/texts";
import { shapeLabels } from "../doctor/shapeLabels";
import { datasetTypeLabels } from "../labels";
import { pickDatasetFolder } from "./queue";

type Props = {
  path: string;
  preview: Preview;
  /** Null until every row was checked. */
  diagnosis: Diagnosis | null;
  onReplace: (path: string) => void;
};

/** The file's name, format, shape and splits. */
export function FileHead({ path, preview, diagnosis, onReplace }: Props) {
  const pickFolder = async () => {
    const picked = await pickDatasetFolder();
    if (picked) onReplace(picked);
  };
  return (
    <>
      <Group gap="sm" wrap="nowrap">
        <Text fw={600} style={{ whiteSpace: "nowrap" }}>
          {fileName(path)}
        </Text>
        <Badge variant="default" tt="none" style={{ flex: "none" }}>
          {datasetTypeLabels[preview.type]}
        </Badge>
        {diagnosis && (
          <Tooltip label={diagnosis.why}>
            <Badge variant="light" tt="none" style={{ flex: "none" }}>
              {shapeLabels[diagnosis.shape]}
            </Badge>
          </Tooltip>
        )}
        <Text size="xs" c="dimmed" truncate title={path} className="selectable" flex={1}>
          {path}
        </Text>
        {preview.type !== "project" && (
          <Button variant="subtle" size="compact-sm" style={{ flex: "none" }} onClick={pickFolder}>
            Choose a folder
          </Button>
        )}
      </Group>
      {preview.splits.length > 0 && (
        <Text size="sm" mt={4}>
          {preview.splits.map(({ name, files }) => `${name}: ${plural(files.length, "file")}`).join(" · ")}
        </Text>
      )}
    </>
  );
}
