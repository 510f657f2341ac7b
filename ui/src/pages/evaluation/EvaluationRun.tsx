import type { RunReport } from "../../bindings";
export function EvaluationRun({ report }: { report: RunReport }) {
  return <>{report.run.name}</>;
}
