import { Text } from "@mantine/core";
import { isLive } from "../../api/runs";
import type { RunReport } from "../../bindings";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";
import { RowLink } from "../../components/RowLink";
import { formatNumber } from "../../format/numbers";
import { linkOf, Place } from "../runs/RunLinks";

/** The adapter and the folders of a training. */
export function Output({ report }: { report: RunReport }) {
  const { run, account, folder, jobs } = report;
  const adapter = linkOf(jobs[0], "adapter_id");
  const tracked = account.tracked[0];
  const last = account.checkpoints.at(-1);
  const facts = [
    {
      name: "Adapter",
      value: adapter ? (
        <RowLink table="adapters" id={adapter.id} inherit>
          {adapter.label}
        </RowLink>
      ) : (
        <Text span inherit c="dimmed">
          {isLive(run)
            ? "Created at the end"
            : run.state === "succeeded"
              ? "Not in the list of adapters"
              : "None was created"}
        </Text>
      ),
    },
    { name: "Its folder", value: account.adapter && <Place path={account.adapter} what="folder" /> },
    {
      name: "Checkpoints",
      value: last !== undefined && `${account.checkpoints.map(formatNumber).slice(-4).join(", ")}`,
    },
    { name: "Run’s folder", value: <Place path={folder} what="folder" /> },
    { name: "MLflow", value: tracked?.uri && <Place path={tracked.uri} what="tracking address" /> },
    { name: "Experiment", value: tracked?.experiment_id },
    { name: "MLflow run", value: tracked?.run_id && <Place path={tracked.run_id} what="MLflow run" /> },
  ];
  return (
    <Panel title="Output">
      <Facts facts={facts} />
    </Panel>
  );
}
