import { Button } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { showError } from "../../api/errors";
import { useExportReport, useRemoveExport } from "../../api/exports";
import { isLive } from "../../api/runs";
import type { RunReport } from "../../bindings";
import { Page } from "../../components/Page";
import { RunButtons } from "../runs/RunButtons";
import { RunHead, summaryOf } from "../runs/RunHead";
import css from "../runs/Runs.module.css";
import { RunTabs } from "../runs/RunTabs";
import { ExportResult } from "./ExportResult";
import { ExportSources } from "./ExportSources";
import { ways } from "./ways";

/** The page of an export: stages, progress, log, and the report with its checks. */
export function ExportRun({ report }: { report: RunReport }) {
  const { run, account } = report;
  const stored = useExportReport(run.id).data;
  const way = report.export && ways[report.export.way];
  return (
    <Page
      title={run.name}
      about={way ? `Export: ${way.label}` : "Export"}
      scrolls={false}
      actions={
        <>
          {!isLive(run) && <RemoveButton id={run.id} name={run.name} />}
          <RunButtons report={report} />
        </>
      }
    >
      <RunHead report={report} summary={summaryOf(report)} />
      <div className={css.split}>
        <div className={css.main}>
          <ExportResult report={account.report ?? stored?.report ?? null} live={isLive(run)} />
          <RunTabs report={report} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by keyboard */}
        <div className={css.aside} tabIndex={0} role="region" aria-label="About this run">
          <ExportSources report={report} stored={stored} />
        </div>
      </div>
    </Page>
  );
}

function RemoveButton({ id, name }: { id: string; name: string }) {
  const go = useNavigate();
  const remove = useRemoveExport();
  const ask = () =>
    modals.openConfirmModal({
      title: `Remove “${name}”?`,
      children: "Its log and its report are deleted. What it wrote stays where it is.",
      labels: { confirm: "Remove", cancel: "Keep" },
      confirmProps: { color: "red" },
      onConfirm: () => remove.mutate(id, { onError: showError, onSuccess: () => void go({ to: "/" }) }),
    });
  return (
    <Button
      variant="default"
      leftSection={<IconTrash size={15} stroke={1.6} />}
      loading={remove.isPending}
      onClick={ask}
    >
      Remove
    </Button>
  );
}
