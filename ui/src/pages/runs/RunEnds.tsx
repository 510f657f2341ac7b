import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { isLive, useRuns } from "../../api/runs";
import type { Run, RunState } from "../../bindings";

/** Shows a notice on any page when a run ends. */
export function RunEnds() {
  const go = useNavigate();
  const { data: runs } = useRuns();
  const before = useRef<Map<string, RunState>>(undefined);
  useEffect(() => {
    if (!runs) return;
    const was = before.current;
    before.current = new Map(runs.map(({ run }) => [run.id, run.state]));
    const ended = runs
      .map(({ run }) => run)
      .filter((run) => {
        const state = was?.get(run.id);
        return state !== undefined && isLive({ ...run, state }) && !isLive(run);
      });
    for (const run of ended) notify(run, () => void go({ to: "/runs/$id", params: { id: run.id } }));
  }, [runs, go]);
  return null;
}

const outcomes: Partial<Record<RunState, string>> = {
  succeeded: "has succeeded",
  failed: "has failed",
  stopped: "was stopped",
  lost: "was lost",
};

function notify(run: Run, open: () => void): void {
  const bad = run.state === "failed" || run.state === "lost";
  const id = `run ${run.id}`;
  notifications.show({
    id,
    color: bad ? "red" : run.state === "succeeded" ? "teal" : undefined,
    title: `“${run.name}” ${outcomes[run.state] ?? "has ended"}`,
    message: (
      <>
        {run.note ? `${run.note} ` : ""}
        <Anchor
          component="button"
          type="button"
          inherit
          onClick={() => {
            notifications.hide(id);
            open();
          }}
        >
          Open the run
        </Anchor>
      </>
    ),
    autoClose: bad ? false : 10_000,
    role: bad ? "alert" : "status",
  });
}
