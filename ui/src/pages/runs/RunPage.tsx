import { Center, Loader } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { toAppError } from "../../api/errors";
import { useRunReport } from "../../api/runs";
import { Page } from "../../components/Page";
import { Refusal } from "../../components/Refusal";
import { EvaluationRun } from "../evaluation/EvaluationRun";
import { ExportRun } from "../export/ExportRun";
import { TrainingRun } from "../training/TrainingRun";

export function RunRoute() {
  const { id } = useParams({ from: "/runs/$id" });
  return <RunPage key={id} id={id} />;
}

/** The page of one run. */
function RunPage({ id }: { id: string }) {
  const { data: report, error, refetch } = useRunReport(id);
  if (!report) {
    return (
      <Page title="Run">
        {error ? (
          <Refusal error={toAppError(error)} onRetry={() => void refetch()} />
        ) : (
          <Center h={160}>
            <Loader size="sm" aria-label="Reading the run" />
          </Center>
        )}
      </Page>
    );
  }
  switch (report.run.kind) {
    case "training":
      return <TrainingRun report={report} />;
    case "evaluation":
      return <EvaluationRun report={report} />;
    case "export":
      return <ExportRun report={report} />;
  }
}
