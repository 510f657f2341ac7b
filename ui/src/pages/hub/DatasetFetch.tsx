import { Stack } from "@mantine/core";
import { useChooseDatasetPart, useDatasetPart, WHOLE } from "../../api/datasetParts";
import { showError } from "../../api/errors";
import type { DatasetPart } from "../../bindings";
import { PartChoice } from "../../components/datasetPart/PartChoice";
import { FetchButton } from "../../components/transfers/FetchButton";

type Props = {
  name: string;
  /** The dataset of the studio with that name, which is read as is chosen here. */
  row: string | null;
  /** Whether the Hub is asked what can be chosen. */
  asks: boolean;
  /** What was chosen on this page; null before that. */
  chosen: DatasetPart | null;
  onChoose: (part: DatasetPart) => void;
};

/** Fetches the chosen configuration and split of a dataset. */
export function DatasetFetch({ name, row, asks, chosen, onChoose }: Props) {
  const stored = useDatasetPart(row).data;
  const choose = useChooseDatasetPart();
  const part = (row !== null && stored) || (chosen ?? WHOLE);
  return (
    <Stack gap={8}>
      {asks && (
        <PartChoice
          name={name}
          part={part}
          onChoose={(part) => {
            onChoose(part);
            if (row !== null) choose.mutate({ id: row, part }, { onError: showError });
          }}
        />
      )}
      <FetchButton kind="dataset" name={name} part={part} label="Fetch" />
    </Stack>
  );
}
