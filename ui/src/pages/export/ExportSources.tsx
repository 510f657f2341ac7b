import { Text } from "@mantine/core";
import { isLive } from "../../api/runs";
import { useRow } from "../../api/store";
import type { RowKey, RunReport, StoredReport } from "../../bindings";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";
import { RowLink } from "../../components/RowLink";
import { Time } from "../../components/Time";
import { Place } from "../runs/RunLinks";

type Props = { report: RunReport; stored: StoredReport | undefined };

/** What an export was made from, and where its result is. */
export function ExportSources({ report: { run, export: spec, folder }, stored }: Props) {
  return (
    <>
      <Panel title="Made from">
        <Facts
          facts={[
            {
              name: "Adapter",
              value: spec?.adapter && (
                <Row row={{ table: "adapters", id: spec.adapter.id }} name={spec.adapter.name} />
              ),
            },
            {
              name: "Model",
              value: spec?.model && (
                <Row row={{ table: "models", id: spec.model.id }} name={spec.model.name} />
              ),
            },
            {
              name: "Dataset",
              value: spec?.dataset && (
                <Row row={{ table: "datasets", id: spec.dataset.id }} name={spec.dataset.name} />
              ),
            },
            { name: "Requested", value: <Time value={run.created_at} /> },
            { name: "Ended", value: run.ended_at && <Time value={run.ended_at} /> },
          ]}
        />
      </Panel>
      <Panel title="Output">
        <Facts
          facts={[
            {
              name: "Model",
              value: stored?.made && <Row row={stored.made} name="Not in the list any more" />,
            },
            {
              name: "Written to",
              value: stored?.output ? (
                <Place path={stored.output} what="path" />
              ) : (
                <Text span inherit c="dimmed">
                  {isLive(run) ? "Written at the end" : "Nothing was kept"}
                </Text>
              ),
            },
            { name: "Run’s folder", value: <Place path={folder} what="folder" /> },
          ]}
        />
      </Panel>
    </>
  );
}

/** A link to a row; its name alone if it was deleted. */
function Row({ row: { table, id }, name }: { row: RowKey; name: string }) {
  const row = useRow(table, id).data;
  if (!row) return name;
  return (
    <RowLink table={table} id={id} inherit>
      {row.label}
    </RowLink>
  );
}
