import { Button, Text, Title } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useId } from "react";
import { showError } from "../../api/errors";
import { isLive, useQueue, useRuns, useSetQueue } from "../../api/runs";
import type { RunKind } from "../../bindings";
import { QueueLine } from "./QueueLine";
import css from "./Runs.module.css";

/** The live runs, with buttons to stop and to move each and to pause the queue. */
export function Queue({ kind }: { kind: RunKind }) {
  const id = useId();
  const { data: runs = [] } = useRuns();
  const { data: rule } = useQueue();
  const set = useSetQueue();
  const live = runs.filter(({ run }) => isLive(run));
  if (live.length === 0 || !rule) return null;
  const waiting = live.filter(({ run }) => run.state === "queued");
  const there = live.filter(({ run }) => run.state === "waiting").length;
  const going = live.length - waiting.length - there;
  const Icon = rule.paused ? IconPlayerPlay : IconPlayerPause;
  const exporting = live.some(({ run }) => run.kind === "export");
  const others = live.some(({ run }) => run.kind !== kind);
  return (
    <section className={css.queue} aria-labelledby={id}>
      <div className={css.queueHead}>
        <Title order={2} id={id}>
          Queue
        </Title>
        <Text size="sm" c={rule.paused ? "var(--warning)" : "dimmed"} flex={1} role="status">
          {rule.paused && "Paused: waiting runs are not started. "}
          {going} running, {there > 0 && `${there} in the queue of a cluster, `}
          {waiting.length} waiting
          {others && (exporting ? ", of all kinds together" : ", trainings and evaluations together")}
        </Text>
        <Button
          variant="default"
          leftSection={<Icon size={15} stroke={1.6} />}
          loading={set.isPending}
          onClick={() => set.mutate({ ...rule, paused: !rule.paused }, { onError: showError })}
        >
          {rule.paused ? "Resume queue" : "Pause queue"}
        </Button>
      </div>
      <ol className={css.lines} aria-label="Runs that go or wait">
        {live.map((summary) => {
          const at = waiting.indexOf(summary);
          return (
            <QueueLine
              key={summary.run.id}
              summary={summary}
              place={at < 0 ? null : at + 1}
              waiting={waiting.map(({ run }) => run.id)}
            />
          );
        })}
      </ol>
    </section>
  );
}
