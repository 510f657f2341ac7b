import { Stack } from "@mantine/core";
import { useState } from "react";
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
};

/** Fetches the chosen configuration and split of a dataset. */
export function DatasetFetch({ name, row, asks }: Props) {
  const [own, setOwn] = useState<DatasetPart>(WHOLE);
  const stored = useDatasetPart(row).data;
  const choose = useChooseDatasetPart();
  const part = (row !== null && stored) || own;
  const onChoose = (chosen: DatasetPart) => {
    setOwn(chosen);
    if (row !== null) choose.mutate({ id: row, part: chosen }, { onError: showError });
  };
  return (
    <Stack gap={8}>
      {asks && <PartChoice name={name} part={part} onChoose={onChoose} />}
      <FetchButton kind="dataset" name={name} part={part} label="Fetch" />
    </Stack>
  );
}
