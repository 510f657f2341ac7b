import { Button } from "@mantine/core";
import { IconRun } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { isLive } from "../../api/runs";
import type { Method, RunReport } from "../../bindings";
import { Page } from "../../components/Page";
import { useTargetName } from "../../components/runs/OnTarget";
import { CurvePanel } from "../runs/CurvePanel";
import { RunButtons } from "../runs/RunButtons";
import { RunHead, summaryOf } from "../runs/RunHead";
import { linkOf, UsesPanel } from "../runs/RunLinks";
import css from "../runs/Runs.module.css";
import { RunTabs } from "../runs/RunTabs";
import { AtAGlance } from "./AtAGlance";
import { Output } from "./Output";

/** The page of a training: progress, curves, log, settings and output. */
export function TrainingRun({ report }: { report: RunReport }) {
  const { run, account, jobs } = report;
  const summary = summaryOf(report);
  const target = useTargetName(run, report.elsewhere);
  const adapter = linkOf(jobs[0], "adapter_id");
  return (
    <Page
      title={run.name}
      about={`Training on ${target ?? "this machine"}`}
      scrolls={false}
      actions={
        <>
          <RunButtons report={report} />
          {adapter && (
            <Button
              leftSection={<IconRun size={15} stroke={1.6} />}
              renderRoot={(props) => (
                <Link to="/evaluation/start" search={{ adapter: adapter.id }} {...props} />
              )}
            >
              Evaluate this adapter
            </Button>
          )}
        </>
      }
    >
      <RunHead report={report} summary={summary} />
      <div className={css.split}>
        <div className={css.main}>
          <CurvePanel
            series={account.series}
            method={methodOf(report)}
            waiting={isLive(run) ? "The curve starts with the first step." : "Nothing was measured."}
          />
          <RunTabs report={report} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard */}
        <div className={css.aside} tabIndex={0} role="region" aria-label="About this run">
          <AtAGlance report={report} summary={summary} />
          <Output report={report} />
          <UsesPanel report={report} table="fine_tuning_jobs" />
        </div>
      </div>
    </Page>
  );
}

/** The method of a training; supervised fine-tuning in runs from before there was a choice. */
function methodOf({ specification }: RunReport): Method {
  return (specification?.kind === "training" && specification.method) || "sft";
}
