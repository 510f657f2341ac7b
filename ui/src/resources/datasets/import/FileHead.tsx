import { Badge, Button, Group, Text } from "@mantine/core";
import type { DatasetType, Preview } from "../../../bindings";
import { fileName } from "../../../format/paths";
import { plural } from "../../../format/texts";
import { datasetTypeLabels } from "../labels";
import { pickDatasetFolder } from "./queue";

type Props = {
  path: string;
  type: DatasetType | undefined;
  /** Undefined while the file is opened, and if it can't be. */
  preview: Preview | undefined;
  /** Called with a folder that is chosen in the place of the file. */
  onFolder?: (path: string) => void;
};

/** The file's name, format and splits. */
export function FileHead({ path, type, preview, onFolder }: Props) {
  const splits = preview?.splits ?? [];
  const pickFolder = async () => {
    const picked = await pickDatasetFolder();
    if (picked) onFolder?.(picked);
  };
  return (
    <>
      <Group gap="sm" wrap="nowrap">
        <Text fw={600} style={{ whiteSpace: "nowrap" }}>
          {fileName(path)}
        </Text>
        {type && (
          <Badge variant="default" tt="none" style={{ flex: "none" }}>
            {datasetTypeLabels[type]}
          </Badge>
        )}
        <Text size="xs" c="dimmed" truncate title={path} className="selectable" flex={1}>
          {path}
        </Text>
        {onFolder && preview && type !== "project" && (
          <Button variant="subtle" size="compact-sm" style={{ flex: "none" }} onClick={pickFolder}>
            Choose a folder
          </Button>
        )}
      </Group>
      {splits.length > 0 && (
        <Text size="sm" mt={4}>
          {splits.map(({ name, files }) => `${name}: ${plural(files.length, "file")}`).join(" · ")}
        </Text>
      )}
    </>
  );
}
