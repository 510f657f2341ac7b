import { Group, Loader, Select, Text } from "@mantine/core";
import { useDatasetConfigs, WHOLE } from "../../api/datasetParts";
import { toAppError } from "../../api/errors";
import type { DatasetPart, HubConfigSplit } from "../../bindings";
import { formatBytes } from "../../format/numbers";

type Props = {
  /** The name on the Hub, which is asked what there is. */
  name: string;
  part: DatasetPart;
  onChoose: (part: DatasetPart) => void;
};

const ALL = "";

/** Chooses the configuration and the split of a dataset of the Hub. Empty where there is one of each. */
export function PartChoice({ name, part, onChoose }: Props) {
  const { data: configs, error, isPending } = useDatasetConfigs(name, true);
  if (isPending) return <Loader size="xs" aria-label="Asking the Hub for configurations and splits" />;
  if (error) {
    const { message, hint } = toAppError(error);
    return (
      <Text size="sm" c="dimmed">
        {message} {hint}
      </Text>
    );
  }
  const config = configs.find((one) => (part.config ? one.name === part.config : one.is_default));
  const splits = config?.splits ?? [];
  if (configs.length < 2 && splits.length < 2 && !part.config && !part.split) return null;
  return (
    <Group gap={8} align="flex-end">
      {configs.length > 1 && (
        <Select
          label="Configuration"
          size="xs"
          w={180}
          allowDeselect={false}
          searchable={configs.length > 10}
          data={configs.map((one) => ({ value: one.name, label: one.name }))}
          value={config?.name ?? null}
          onChange={(chosen) => {
            const isDefault = configs.some((one) => one.name === chosen && one.is_default);
            onChoose(isDefault ? WHOLE : { config: chosen, split: null });
          }}
        />
      )}
      <Select
        label="Split"
        size="xs"
        w={180}
        allowDeselect={false}
        data={[
          { value: ALL, label: splits.length === 1 ? splitText(splits[0]) : "All splits" },
          ...(splits.length === 1
            ? []
            : splits.map((split) => ({ value: split.name, label: splitText(split) }))),
        ]}
        value={splits.length === 1 ? ALL : (part.split ?? ALL)}
        onChange={(chosen) => onChoose({ config: part.config ?? null, split: chosen || null })}
      />
    </Group>
  );
}

const splitText = (split: HubConfigSplit | undefined): string => {
  if (!split) return "";
  return split.bytes === null ? split.name : `${split.name}, ${formatBytes(split.bytes)}`;
};
