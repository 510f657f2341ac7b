import { Anchor, Button, CloseButton, Group, Stack, Text, Title, Tooltip } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useChooseDatasetPart } from "../../api/datasetParts";
import { useHubInfo, useHubSettings } from "../../api/hub";
import { kindOnHub, useLocalRepositories, useTrainingMemory } from "../../api/hubSearch";
import { tableOf } from "../../api/tables";
import type { DatasetPart, HubResult, SearchSource, TableName } from "../../bindings";
import { CopyButton } from "../../components/clipboard";
import { type Fact, Facts } from "../../components/Facts";
import { focusPage, isFocusLost } from "../../components/focus";
import type { OnCreated } from "../../components/form/useRowForm";
import { Resizer } from "../../components/Resizer";
import { RowLink } from "../../components/RowLink";
import { Time } from "../../components/Time";
import { useDialogs } from "../../components/useDialogs";
import { Warnings } from "../../components/weights/Warnings";
import { precisionText } from "../../components/weights/weightFacts";
import { formatBytes, formatNumber, formatParameters } from "../../format/numbers";
import { capitalize } from "../../format/texts";
import { hubFacts } from "../../resources/hub/hubFacts";
import panel from "../resource/DetailPanel.module.css";
import { DatasetFetch } from "./DatasetFetch";
import { FetchControl } from "./FetchControl";
import { cachedLabels, fitLabels, rowsText } from "./resultTexts";
import { formatLabel } from "./search";

const WIDTH = 400;

type Props = { result: HubResult; source: SearchSource; onClose: () => void };

/** One result beside the list, with what can be done with it. */
export function ResultPanel({ result, source, onClose }: Props) {
  const { found } = result;
  const [width, setWidth] = useLocalStorage({ key: "hub-panel-width", defaultValue: WIDTH });
  const { data: local } = useLocalRepositories([{ kind: found.kind, name: found.name }]);
  // The focused button may be inside the panel.
  useEffect(() => () => queueMicrotask(() => isFocusLost() && focusPage()), []);
  return (
    <aside className={panel.panel} style={{ width }} aria-label={found.name}>
      <Resizer
        label="Width of the panel"
        edge="left"
        size={width}
        min={320}
        max={900}
        onResize={setWidth}
        onReset={() => setWidth(WIDTH)}
      />
      <header className={panel.header}>
        <div className={panel.title}>
          <Text size="xs" c="dimmed">
            {capitalize(found.kind)}
          </Text>
          <Group gap={4} wrap="nowrap" align="flex-start">
            <Title order={2} className="selectable">
              {found.name}
            </Title>
            <CopyButton value={found.name} what="name" />
          </Group>
        </div>
        <Tooltip label="Close (Esc)">
          <CloseButton aria-label="Close" onClick={onClose} />
        </Tooltip>
      </header>
      <div className={panel.body}>
        <Content result={{ ...result, ...local?.[0] }} source={source} />
      </div>
    </aside>
  );
}

function Content({ result, source }: Omit<Props, "onClose">) {
  const { found, cached } = result;
  const [part, setPart] = useState<DatasetPart | null>(null);
  // A model for llama.cpp alone can be neither fetched nor trained here.
  const onlyGguf =
    found.kind === "model" && found.formats.includes("gguf") && !found.formats.includes("safetensors");
  return (
    <>
      <section className={panel.section} aria-label="Actions">
        <Stack gap={12}>
          {onlyGguf && (
            <Warnings
              messages={[
                "Its weights are GGUF, for llama.cpp. They can't be trained. Search for the model it was made from.",
              ]}
            />
          )}
          {found.gated && <Gated name={found.name} kind={found.kind} />}
          <Group gap={8}>
            <AddToStudio result={result} part={part} disabled={onlyGguf} />
            {!onlyGguf && found.kind !== "dataset" && (
              <FetchControl kind={found.kind} name={found.name} cached={cached} />
            )}
          </Group>
          {found.kind === "dataset" && (
            <DatasetFetch
              key={found.name}
              name={found.name}
              row={result.row?.id ?? null}
              asks={source === "hub"}
              chosen={part}
              onChoose={setPart}
            />
          )}
        </Stack>
      </section>
      <section className={panel.section}>
        <OwnFacts result={result} />
      </section>
      {source === "hub" && <FromHub result={result} />}
    </>
  );
}

const columns: Partial<Record<TableName, string>> = {
  models: "huggingface_model_name",
  adapters: "huggingface_name",
  datasets: "huggingface_name",
};
const tables = { model: "models", adapter: "adapters", dataset: "datasets" } as const;

type AddProps = {
  result: HubResult;
  /** The part of a dataset that was chosen, which the new row is read from. */
  part: DatasetPart | null;
  disabled: boolean;
};

function AddToStudio({ result, part, disabled }: AddProps) {
  const dialogs = useDialogs();
  const { found, row } = result;
  const choose = useChooseDatasetPart();
  const table = tables[found.kind];
  const column = columns[table] ?? "";
  const keepPart: OnCreated = async ({ row }) => {
    if (part && row[column] === found.name) await choose.mutateAsync({ id: String(row.id), part });
  };
  if (row) {
    return (
      <RowLink table={row.table} id={row.id} size="sm">
        Open {tableOf(row.table).singular}
      </RowLink>
    );
  }
  return (
    <Button
      leftSection={<IconPlus size={15} stroke={1.8} />}
      disabled={disabled}
      onClick={() => dialogs.create(table, { type: "huggingface", [column]: found.name }, keepPart)}
    >
      Add to the studio
    </Button>
  );
}

/** What to do for the files of a gated repository. */
function Gated({ name, kind }: { name: string; kind: HubResult["found"]["kind"] }) {
  const { data: settings } = useHubSettings();
  const address = `${settings?.endpoint ?? ""}/${kind === "dataset" ? "datasets/" : ""}${name}`;
  const hasToken = settings !== undefined && settings.token.source.is !== "none";
  return (
    <div>
      <Text size="sm">
        Access to its files must be requested on its page
        {!hasToken && (
          <>
            , and a token set in the{" "}
            <Anchor inherit renderRoot={(props) => <Link to="/settings" {...props} />}>
              settings
            </Anchor>
          </>
        )}
        .
      </Text>
      <Group gap={4} wrap="nowrap">
        <Text size="sm" className="selectable" style={{ overflowWrap: "anywhere" }}>
          {address}
        </Text>
        <CopyButton value={address} what="address" />
      </Group>
    </div>
  );
}

function OwnFacts({ result }: { result: HubResult }) {
  const { found, fit, memory_bytes, cached } = result;
  const { data: memory } = useTrainingMemory();
  const of = memory?.bytes ? ` of ${formatBytes(memory.bytes)}` : "";
  const facts: Fact[] = [
    { name: "Here", value: cached ? cachedLabels[cached] : "Not fetched" },
    { name: "Task", value: found.task },
    { name: "Parameters", value: found.parameters !== null && formatParameters(found.parameters) },
    { name: "Precision", value: precisionText(found.precisions) },
    { name: "Rows", value: found.rows && rowsText(found.rows) },
    {
      name: found.kind === "dataset" ? "Size" : "Weights",
      value: found.bytes !== null && formatBytes(found.bytes),
    },
    {
      name: "Memory",
      title: "About what training an adapter takes, by the number of parameters",
      value:
        fit &&
        memory_bytes !== null &&
        `${fitLabels[fit]}: about ${formatBytes(memory_bytes)}${of} to train an adapter`,
    },
    { name: "Format", value: found.formats.map(formatLabel).join(", ") },
    { name: "License", value: found.license },
    { name: "Made from", value: found.base_model },
    { name: "Access", value: found.private ? "Private" : found.gated ? "On request" : null },
    {
      name: "Downloads",
      value: found.downloads !== null && `${formatNumber(found.downloads)} in the last month`,
    },
    { name: "Likes", value: found.likes !== null && formatNumber(found.likes) },
    { name: "Updated", value: found.updated_at && <Time value={found.updated_at} /> },
  ];
  return <Facts aligned facts={facts} />;
}

/** What the list does not say. Opening a result asks the Hub about it. */
function FromHub({ result: { found } }: { result: HubResult }) {
  const { data: answer, isFetching } = useHubInfo(kindOnHub(found.kind), found.name);
  const known = ["Parameters", "Precision", "Made from", "Access", "License"];
  if (isFetching && !answer) {
    return (
      <Text size="sm" c="dimmed" mt={24}>
        Asking the Hub for more…
      </Text>
    );
  }
  if (!answer?.facts) {
    return answer ? (
      <Text size="sm" c="dimmed" mt={24}>
        {answer.message} {answer.hint}
      </Text>
    ) : null;
  }
  const facts = hubFacts(answer.facts).filter(({ name }) => !known.includes(name));
  return (
    <section className={panel.section} aria-label="More from the Hub">
      <Title order={3}>More from the Hub</Title>
      <Facts
        aligned
        facts={facts.map((fact) => (fact.name === "Size" ? { ...fact, name: "All files" } : fact))}
      />
      {answer.facts.description && (
        <Text size="sm" mt={12} className="selectable" style={{ whiteSpace: "pre-line" }} lineClamp={8}>
          {answer.facts.description}
        </Text>
      )}
    </section>
  );
}
