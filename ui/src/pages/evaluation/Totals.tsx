import { Table, Text, Tooltip } from "@mantine/core";
import { idOf } from "../../api/tables";
import type { CombinationProgress, RunReport } from "../../bindings";
import { formatNumber } from "../../format/numbers";
import { jobName } from "./combinationName";
import css from "./Evaluation.module.css";
import { best, measuresIn } from "./measures";
import { scoringJobs } from "./scoringJobs";

const statusLabels: Record<string, string> = {
  loading: "Loading",
  generating: "Answering",
  comparing: "Comparing",
  scored: "Done",
};

/** The measures of each model and adapter, with the best ones marked. */
export function Totals({ report: { account, jobs, specification } }: { report: RunReport }) {
  const rows = account.combinations;
  const scoring = scoringJobs(specification);
  if (rows.length === 0) return null;
  const measures = measuresIn(rows.map(({ metrics }) => metrics));
  const value = (row: CombinationProgress, name: string) => {
    const value = row.metrics[name];
    return typeof value === "number" ? value : null;
  };
  return (
    <section className={css.totals} aria-label="Totals">
      <Table verticalSpacing={6} horizontalSpacing={16}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model or adapter</Table.Th>
            <Table.Th>Rows</Table.Th>
            {measures.map(({ name, label, help }) => (
              <Table.Th key={name} ta="right">
                <Tooltip label={help} disabled={!help}>
                  <span>{label}</span>
                </Tooltip>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.job}>
              <Table.Th scope="row">
                {jobName(
                  jobs.find((job) => idOf(job) === row.job),
                  row.job,
                )}
                {scoring.has(row.job) && (
                  <Text span inherit c="dimmed" fw={400}>
                    {" "}
                    reward model
                  </Text>
                )}
              </Table.Th>
              <Table.Td className="tabular">
                {formatNumber(row.done)}
                {row.total !== null && ` of ${formatNumber(row.total)}`}
                {row.status && row.status !== "scored" && (
                  <Text span inherit c="dimmed">
                    {" "}
                    {statusLabels[row.status] ?? row.status}
                  </Text>
                )}
              </Table.Td>
              {measures.map((measure) => {
                const own = value(row, measure.name);
                const top = best(
                  rows.map((other) => value(other, measure.name)),
                  measure.lower,
                );
                const isBest = own !== null && own === top;
                return (
                  <Table.Td key={measure.name} ta="right" className="tabular" data-best={isBest || undefined}>
                    {own === null ? "–" : measure.format(own)}
                    {isBest && <span className={css.best}>best</span>}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
