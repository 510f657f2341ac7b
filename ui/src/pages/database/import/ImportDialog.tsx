import { Button, Modal, Text } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import {
  discardImport,
  type Imported,
  type ImportProgress,
  type Incoming,
  importPlanned,
  planImport,
  planPull,
} from "../../../api/snapshots";
import { useStoreChanged } from "../../../api/store";
import { useTask } from "../../../api/useTask";
import type { Target } from "../../../bindings";
import { PathText } from "../../../components/PathText";
import { Refusal } from "../../../components/Refusal";
import { ArchiveFiles } from "./ArchiveFiles";
import { type Choices, nothingDecided, policyOf, undecided } from "./choices";
import css from "./Import.module.css";
import { ImportWork } from "./ImportWork";
import { PlanFoot } from "./PlanFoot";
import { PlanView } from "./PlanView";
import { ReportView } from "./ReportView";

/** What is imported: a file, or the studio in the project of a workbench. */
export type Source = { path: string } | { workbench: Target };

type Props = { source: Source; onClose: () => void; onChooseAnother: () => void };

/** Imports rows in steps: plan, decisions, import, report. */
export function ImportDialog({ source, onClose, onChooseAnother }: Props) {
  const reading = useTask<Incoming, ImportProgress>();
  const importing = useTask<Imported, ImportProgress>();
  /** The plan after another folder was chosen for the files of an archive. */
  const [moved, setMoved] = useState<Incoming | null>(null);
  const [choices, setChoices] = useState<Choices>(nothingDecided);
  const storeChanged = useStoreChanged();
  const { run, state } = reading;
  const plan = state.status === "done" ? (moved ?? state.result) : null;
  const report = importing.state.status === "done" ? importing.state.result : null;
  const busy = importing.state.status === "running";

  const read = useCallback(
    () => run("path" in source ? planImport(source.path) : planPull(source.workbench.id)),
    [source, run],
  );
  useEffect(() => void read(), [read]);

  const readAgain = () => {
    importing.reset();
    setMoved(null);
    void read();
  };
  const start = async () => {
    if (!plan || busy || undecided(plan.rows, choices) !== null) return;
    await importing.run(importPlanned(plan, policyOf(plan.rows, choices)));
    // Even a stopped or refused import may have made a backup.
    void storeChanged();
  };
  const close = () => {
    onClose();
    if (!report) void discardImport();
  };

  const phase = `${state.status} ${importing.state.status}`;
  const region = useRef<HTMLDivElement>(null);
  // Each phase removes the element that had the focus.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for every phase
  useEffect(() => region.current?.focus({ preventScroll: true }), [phase]);

  return (
    <Modal
      opened
      onClose={close}
      title={report ? "Imported" : "Import"}
      size={1240}
      closeOnClickOutside={false}
      closeOnEscape={report !== null || (!busy && choices === nothingDecided)}
      withCloseButton={!busy}
      classNames={{ content: plan ? css.tall : undefined, body: css.body }}
    >
      <div className={css.source}>
        {"path" in source ? (
          <PathText path={source.path} />
        ) : (
          <Text size="sm">The studio in the project of {source.workbench.name}</Text>
        )}
      </div>
      <div ref={region} tabIndex={-1} className={css.phase}>
        {state.status === "running" && (
          <ImportWork
            label={"path" in source ? "Reading the file" : "Fetching its database"}
            verb="read"
            progress={state.progress}
            stopLabel="Stop reading"
            stopping={state.cancelling}
            onStop={reading.cancel}
          />
        )}
        {state.status === "cancelled" && <Text size="sm">Reading was stopped. Nothing was changed.</Text>}
        {state.status === "failed" && <Refusal error={state.error} />}
        {plan && !report && (
          <PlanView
            plan={plan.rows}
            kind={plan.archive ? "An archive" : undefined}
            choices={choices}
            onChange={setChoices}
            disabled={busy}
          >
            {plan.archive && (
              <ArchiveFiles
                plan={plan.archive}
                onMoved={(archive) => setMoved({ rows: archive.rows, archive })}
                disabled={busy}
              />
            )}
          </PlanView>
        )}
        {report && <ReportView report={report.rows} placed={report.archive?.placed ?? []} onClose={close} />}
      </div>
      {(state.status === "cancelled" || state.status === "failed") && (
        <div className={css.buttons}>
          <Button variant="default" onClick={close}>
            Close
          </Button>
          <Button variant="default" onClick={onChooseAnother}>
            Choose another file
          </Button>
          <Button onClick={readAgain}>Read again</Button>
        </div>
      )}
      {plan && !report && (
        <PlanFoot
          state={importing.state}
          obstacle={undecided(plan.rows, choices)}
          onImport={start}
          onStop={importing.cancel}
          onReadAgain={readAgain}
          onCancel={close}
        />
      )}
    </Modal>
  );
}
