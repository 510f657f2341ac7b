import { Button } from "@mantine/core";
import { IconCopyPlus, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { isLive } from "../../api/runs";
import { idOf } from "../../api/tables";
import type { RunReport } from "../../bindings";
import { retryWords, useRunActions } from "../../components/runs/useRunActions";

/** Buttons to stop a live run, to retry one that did not succeed, and to duplicate a run. */
export function RunButtons({ report }: { report: RunReport }) {
  const { run, jobs } = report;
  const { stop, retry, duplicate, stopping, retrying } = useRunActions();
  const job = jobs[0];
  return (
    <>
      {job && (
        <Button
          variant="default"
          leftSection={<IconCopyPlus size={15} stroke={1.6} />}
          onClick={() => void duplicate(run, idOf(job))}
        >
          Duplicate
        </Button>
      )}
      {isLive(run) && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={15} stroke={1.6} />}
          loading={stopping || run.state === "stopping"}
          onClick={() => void stop(run)}
        >
          {run.state === "queued" ? "Take out of the queue" : "Stop"}
        </Button>
      )}
      {!isLive(run) && run.state !== "succeeded" && (
        <Button
          leftSection={<IconRefresh size={15} stroke={1.6} />}
          loading={retrying}
          onClick={() => retry(run)}
        >
          {retryWords(report)}
        </Button>
      )}
    </>
  );
}
