import { Button } from "@mantine/core";
import { IconMessage } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { isGoing } from "../../api/runs";
import type { RunReport } from "../../bindings";
import { Page } from "../../components/Page";
import { RunButtons } from "../runs/RunButtons";
import { RunHead, summaryOf } from "../runs/RunHead";
import { JobLink, linkOf } from "../runs/RunLinks";
import { RunTabs } from "../runs/RunTabs";
import { Answers } from "./Answers";
import css from "./Evaluation.module.css";
import { Totals } from "./Totals";

/** The page of an evaluation: totals, and below them every row with the answers side by side. */
export function EvaluationRun({ report }: { report: RunReport }) {
  const { run, jobs } = report;
  const summary = summaryOf(report);
  const job = jobs[0];
  const model = linkOf(job, "base_model_id")?.id;
  const adapter = jobs.map((job) => linkOf(job, "adapter_id")?.id).find((id) => id !== undefined);
  return (
    <Page
      title={run.name}
      about={
        job ? (
          <>
            Evaluation on <JobLink job={job} column="dataset_id" />, by the prompt{" "}
            <JobLink job={job} column="prompt_id" />
          </>
        ) : (
          "Evaluation on this machine"
        )
      }
      scrolls={false}
      actions={
        <>
          {model && (
            <Button
              variant="default"
              leftSection={<IconMessage size={15} stroke={1.6} />}
              renderRoot={(props) => <Link to="/try" search={{ model, adapter }} {...props} />}
            >
              Try it
            </Button>
          )}
          <RunButtons report={report} />
        </>
      }
    >
      <RunHead report={report} summary={summary} />
      <div className={css.run}>
        <Totals report={report} />
        <RunTabs report={report} answers={<Answers id={run.id} live={isGoing(run)} />} />
      </div>
    </Page>
  );
}
