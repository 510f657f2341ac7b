import type { JsonValue, RunReport, RunSummary } from "../../bindings";
import { Facts } from "../../components/Facts";
import { Panel } from "../../components/Panel";
import { Time } from "../../components/Time";
import { formatMeasure, formatNumber, formatPercent } from "../../format/numbers";
import { plural } from "../../format/texts";
import { specChoices } from "./specChoices";

type Props = { report: RunReport; summary: Omit<RunSummary, "jobs"> };

/** The most important facts of a training. */
export function AtAGlance({ report: { run, account, specification }, summary }: Props) {
  const last = (name: string) => account.series.find((series) => series.name === name)?.points.at(-1)?.value;
  const { facts } = account;
  const all = [
    { name: "Loss", value: summary.loss !== null && formatMeasure(summary.loss) },
    { name: "Held-back loss", value: last("eval_loss") !== undefined && formatMeasure(last("eval_loss")) },
    {
      name: "Step",
      value: summary.total !== null && `${formatNumber(summary.done)} of ${formatNumber(summary.total)}`,
    },
    { name: "Epoch", value: account.epoch?.toFixed(2) },
    ...specChoices(specification),
    { name: "Requested", value: <Time value={run.created_at} /> },
    { name: "Started", value: run.started_at && <Time value={run.started_at} /> },
    { name: "Ended", value: run.ended_at && <Time value={run.ended_at} /> },
    { name: "Runs on", value: device(facts) },
    { name: "Trainable", value: parameters(facts.trainable_parameters, facts.parameters) },
    { name: "Versions", value: versions(facts.versions) },
  ];
  return (
    <Panel title="At a glance">
      <Facts facts={all} />
    </Panel>
  );
}

/** "AMD EPYC, on 2 threads", or "NVIDIA L4, in 2 processes". */
function device(facts: RunReport["account"]["facts"]): string | null {
  const name = text(facts.device_name) ?? text(facts.device);
  if (name === null) return null;
  const { threads, processes } = facts;
  const together = typeof processes === "number" && processes > 1;
  const parts = [
    together && `in ${plural(processes, "process", "processes")}`,
    typeof threads === "number" && `on ${plural(threads, "thread")}${together ? " each" : ""}`,
  ];
  return [name, ...parts.filter(Boolean)].join(", ");
}

const text = (value: JsonValue | undefined) => (typeof value === "string" && value !== "" ? value : null);

function parameters(trainable: JsonValue | undefined, all: JsonValue | undefined): string | null {
  if (typeof trainable !== "number") return null;
  const share = typeof all === "number" && all > 0 ? ` (${formatPercent(trainable / all, 2)})` : "";
  return `${formatNumber(trainable)} parameters${share}`;
}

function versions(value: JsonValue | undefined): string | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  return Object.entries(value)
    .filter(([, version]) => typeof version === "string")
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}
