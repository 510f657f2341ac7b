import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { partText, useChooseDatasetPart } from "../../api/datasetParts";
import { showError } from "../../api/errors";
import type { DatasetPart } from "../../bindings";
import { PartChoice } from "../../components/datasetPart/PartChoice";

type Props = { id: string; name: string; part: DatasetPart };

/** The configuration and split that a dataset of the Hub is read from. The Hub is asked when they are to be changed. */
export function DatasetPartOf({ id, name, part }: Props) {
  const [changes, setChanges] = useState(false);
  const choose = useChooseDatasetPart();
  return (
    <Stack gap={8}>
      <Group gap={8} justify="space-between" wrap="nowrap">
        <Text size="sm">{partText(part) || "All splits of the default configuration"}</Text>
        {!changes && (
          <Button variant="default" size="compact-sm" flex="none" onClick={() => setChanges(true)}>
            Choose the split…
          </Button>
        )}
      </Group>
      {changes && (
        <PartChoice
          name={name}
          part={part}
          onChoose={(chosen) => choose.mutate({ id, part: chosen }, { onError: showError })}
        />
      )}
    </Stack>
  );
}
