import { useQueries } from "@tanstack/react-query";
import { runReportOptions } from "../../api/runs";
import { idOf } from "../../api/tables";
import type { Run, RunComparison, RunReport, Series } from "../../bindings";
import { Panel } from "../../components/Panel";
import { StateBadge } from "../../components/runs/StateBadge";
import { elapsedSeconds } from "../../components/runs/useElapsed";
import { formatMeasure, formatNumber } from "../../format/numbers";
import { formatDuration } from "../../format/times";
import { jobName } from "../evaluation/combinationName";
import { measuresIn } from "../evaluation/measures";
import { heldBackName, measureName } from "./measures";
import { RunsTable } from "./RunsTable";

type Line = { name: string; values: (string | null)[] };

/** The results of several runs, side by side. */
export function ComparedResults({ comparison: { runs, series } }: { comparison: RunComparison }) {
  const reports = useQueries({
    queries: runs.map(({ id }) => runReportOptions(id)),
  }).map(({ data }) => data);
  const training = runs.some(({ kind }) => kind === "training");
  const lines: Line[] = [
    ...(training ? trainingLines(series) : []),
    ...evaluationLines(reports),
    { name: "Took", values: runs.map(took) },
  ].filter(({ values }) => values.some((value) => value !== null));
  return (
    <Panel title="Results">
      <RunsTable
        corner="Run"
        runs={runs}
        lines={[
          {
            id: "state",
            head: "State",
            values: runs.map(({ id, state }) => <StateBadge key={id} state={state} />),
          },
          ...lines.map(({ name, values }) => ({
            id: `result ${name}`,
            head: name,
            values: values.map((value) => value ?? "–"),
          })),
        ]}
      />
    </Panel>
  );
}

function trainingLines(series: Series[][]): Line[] {
  const of = (name: string) => series.map((all) => all.find((one) => one.name === name)?.points ?? []);
  const figures = (name: string, choose: (values: number[]) => number | undefined) =>
    of(name).map((points) => {
      const value = choose(points.flatMap(({ value }) => value ?? []));
      return value === undefined ? null : formatMeasure(value);
    });
  const least = (values: number[]) => (values.length > 0 ? Math.min(...values) : undefined);
  const last = (values: number[]) => values.at(-1);
  return [
    { name: "Last loss", values: figures("loss", last) },
    { name: "Last loss on held-back rows", values: figures("eval_loss", last) },
    { name: "Lowest loss on held-back rows", values: figures("eval_loss", least) },
    ...["rewards/margins", "margin"].map((name) => ({
      name: `Last ${measureName(heldBackName(name)).toLowerCase()}`,
      values: figures(heldBackName(name), last),
    })),
    {
      name: `Last ${measureName(heldBackName("accuracy")).toLowerCase()}`,
      values: figures(heldBackName("rewards/accuracies"), last).map(
        (share, at) => share ?? figures(heldBackName("accuracy"), last)[at] ?? null,
      ),
    },
    {
      name: "Last step measured",
      values: of("loss").map((points) => (points.length > 0 ? formatNumber(points.at(-1)?.step ?? 0) : null)),
    },
  ];
}

/** The measures of each combination of each evaluation. */
function evaluationLines(reports: (RunReport | undefined)[]): Line[] {
  const all = reports.map((report) =>
    (report?.account.combinations ?? []).map((one) => ({
      name: jobName(
        report?.jobs.find((job) => idOf(job) === one.job),
        one.job,
      ),
      metrics: one.metrics,
    })),
  );
  const measures = measuresIn(all.flat().map(({ metrics }) => metrics));
  const names = [...new Set(all.flat().map(({ name }) => name))];
  return names.flatMap((name) =>
    measures.map((measure) => ({
      name: `${name}: ${measure.label}`,
      values: all.map((of) => {
        const value = of.find((one) => one.name === name)?.metrics[measure.name];
        return typeof value === "number" ? measure.format(value) : null;
      }),
    })),
  );
}

function took(run: Run): string | null {
  const seconds = elapsedSeconds(run);
  return seconds === null ? null : formatDuration(seconds);
}
