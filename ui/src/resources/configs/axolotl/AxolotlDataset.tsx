import { Alert, Badge, Group, Radio, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useAxolotlFormats } from "../../../api/configs";
import { toAppError } from "../../../api/errors";
import { useRow } from "../../../api/store";
import { AXOLOTL_FORMATS, type FormatMatch } from "../../../bindings";
import { ReferenceField } from "../../../components/form/ReferenceField";
import { Refusal } from "../../../components/Refusal";
import css from "./AxolotlDataset.module.css";
import { datasetIn, withDataset } from "./yamlText";

const unmatched: FormatMatch[] = AXOLOTL_FORMATS.map(({ name, keys }) => ({
  name,
  matching: [],
  missing: keys,
}));

type Props = { text: string; onText: (text: string) => void };

/** The dataset of an Axolotl config and the format of its rows, ordered by the columns they need. */
export function AxolotlDataset({ text, onText }: Props) {
  const [dataset, setDataset] = useState("");
  const row = useRow("datasets", dataset, dataset !== "").data?.row;
  const found = useAxolotlFormats(dataset);
  const said = datasetIn(text);
  const formats = found.data ?? unmatched;
  const path = row && String((row.type === "huggingface" ? row.huggingface_name : row.location) ?? "");
  const choose = (type: string) => onText(withDataset(text, { ...(path && { path }), type }));
  return (
    <Stack gap={16}>
      <ReferenceField
        table="datasets"
        link={undefined}
        common={{
          label: "Dataset",
          description: "The formats below are put in order by its columns.",
          required: false,
          value: dataset,
          onChange: setDataset,
        }}
      />
      {!said && (
        <Alert color="yellow" variant="light">
          The text beside is not valid YAML. Correct it there to choose a format here.
        </Alert>
      )}
      {found.error && <Refusal error={toAppError(found.error)} />}
      <Radio.Group
        label={<Title order={3}>Form of the rows</Title>}
        description="How axolotl reads a row: which columns it takes, and what it makes of them."
        value={said?.type ?? ""}
        onChange={choose}
        inputWrapperOrder={["label", "description", "input"]}
      >
        <div className={css.formats}>
          {formats.map((format, at) => (
            <Format
              key={format.name}
              format={format}
              asked={found.data !== undefined}
              best={at === 0 && format.matching.length > 0}
              disabled={!said}
            />
          ))}
        </div>
      </Radio.Group>
    </Stack>
  );
}

type FormatProps = { format: FormatMatch; asked: boolean; best: boolean; disabled: boolean };

function Format({ format: { name, matching, missing }, asked, best, disabled }: FormatProps) {
  const verdict = missing.length === 0 ? "has all columns" : `lacks ${missing.join(", ")}`;
  return (
    <Radio.Card
      value={name}
      disabled={disabled}
      className={css.format}
      aria-label={asked ? `${name}, ${verdict}` : name}
    >
      <Group gap={8} wrap="nowrap">
        <Radio.Indicator />
        <Text size="sm" fw={500}>
          {name}
        </Text>
        {best && (
          <Badge size="sm" variant="light" tt="none">
            {missing.length === 0 ? "Best match" : "Closest match"}
          </Badge>
        )}
      </Group>
      <div className={css.columns}>
        {asked ? (
          <>
            {matching.map((column) => (
              <span key={column} data-there>
                {column}
              </span>
            ))}
            {missing.length > 0 && <span>missing: {missing.join(", ")}</span>}
          </>
        ) : (
          missing.join(", ")
        )}
      </div>
    </Radio.Card>
  );
}
