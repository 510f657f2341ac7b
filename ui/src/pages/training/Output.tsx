import { Text } from "@mantine/core";
import { isLive } from "../../api/runs";
import { useList } from "../../api/store";
import { idOf } from "../../api/tables";
import type { RunReport } from "../../bindings";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";
import { RowLink } from "../../components/RowLink";
import { formatNumber } from "../../format/numbers";
import { linkOf, Place } from "../runs/RunLinks";

/** The adapter or the model, and the folders of a training. */
export function Output({ report }: { report: RunReport }) {
  const { run, account, folder, jobs, specification } = report;
  const adapter = linkOf(jobs[0], "adapter_id");
  const tracked = account.tracked[0];
  const last = account.checkpoints.at(-1);
  const whole = specification?.kind === "training" && specification.tuning === "full";
  const facts = [
    whole && {
      name: "Model",
      value: account.model ? (
        <ModelOf folder={account.model} />
      ) : isLive(run) ? (
        "Created at the end"
      ) : (
        "None was created"
      ),
    },
    !whole && {
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
    {
      name: "Its folder",
      value: (account.model ?? account.adapter) && (
        <Place path={account.model ?? account.adapter ?? ""} what="folder" />
      ),
    },
    {
      name: "Checkpoints",
      value: last !== undefined && `${account.checkpoints.map(formatNumber).slice(-4).join(", ")}`,
    },
    { name: "Run’s folder", value: <Place path={folder} what="folder" /> },
    { name: "MLflow", value: tracked?.uri && <Place path={tracked.uri} what="tracking address" /> },
    { name: "Experiment", value: tracked?.experiment_id },
    { name: "MLflow run", value: tracked?.run_id && <Place path={tracked.run_id} what="MLflow run" /> },
  ].filter((fact) => fact !== false);
  return (
    <Panel title="Output">
      <Facts facts={facts} />
    </Panel>
  );
}

/** The model that was registered for a folder. */
function ModelOf({ folder }: { folder: string }) {
  const filters = [{ column: "location", value: folder }];
  const found = useList("models", { search: null, sort: null, filters, offset: 0, limit: 1 }).data?.rows[0];
  if (!found) return "Not in the list of models";
  return (
    <RowLink table="models" id={idOf(found)} inherit>
      {found.label}
    </RowLink>
  );
}
