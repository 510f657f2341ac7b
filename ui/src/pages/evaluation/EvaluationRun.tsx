import { Button } from "@mantine/core";
import { IconMessage } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { isGoing } from "../../api/runs";
import { idOf } from "../../api/tables";
import type { RunReport } from "../../bindings";
import { Page } from "../../components/Page";
import { useTargetName } from "../../components/runs/OnTarget";
import { labelOf, rowFormats } from "../../resources/jobs/choices/options";
import { RunButtons } from "../runs/RunButtons";
import { RunHead, summaryOf } from "../runs/RunHead";
import { JobLink, linkOf } from "../runs/RunLinks";
import { RunTabs } from "../runs/RunTabs";
import { Answers } from "./Answers";
import css from "./Evaluation.module.css";
import { scoringJobs } from "./scoringJobs";
import { Totals } from "./Totals";

/** The page of an evaluation: totals, and below them every row with the answers side by side. */
export function EvaluationRun({ report }: { report: RunReport }) {
  const { run, jobs, specification } = report;
  const summary = summaryOf(report);
  const target = useTargetName(run, report.elsewhere);
  const job = jobs[0];
  const model = linkOf(job, "base_model_id")?.id;
  // Reward models give scores and write no answers.
  const scoring = scoringJobs(specification);
  const answering = jobs.filter((job) => !scoring.has(idOf(job)));
  const adapter = answering.map((job) => linkOf(job, "adapter_id")?.id).find((id) => id !== undefined);
  return (
    <Page
      title={run.name}
      about={
        job ? (
          <>
            Evaluation on <JobLink job={job} column="dataset_id" />
            {linkOf(job, "prompt_id") && (
              <>
                , by the prompt <JobLink job={job} column="prompt_id" />
              </>
            )}
            {specification?.row_format &&
              `, read as ${labelOf(rowFormats, specification.row_format).toLowerCase()}`}
            {target && `, on ${target}`}
          </>
        ) : (
          `Evaluation on ${target ?? "this machine"}`
        )
      }
      scrolls={false}
      actions={
        <>
          {model && answering.length > 0 && (
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
