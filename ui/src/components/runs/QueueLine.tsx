import { ActionIcon, Anchor, Group, Text, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlayerStop, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import { showError } from "../../api/errors";
import { useMoveRun } from "../../api/runs";
import type { RunSummary } from "../../bindings";
import { OnTarget } from "./OnTarget";
import { RunBar } from "./RunBar";
import css from "./Runs.module.css";
import { StateBadge } from "./StateBadge";
import { useRunActions } from "./useRunActions";

type Props = {
  summary: RunSummary;
  /** The position among the waiting runs, from 1; null for a running one. */
  place: number | null;
  /** The ids of the waiting runs, in order. */
  waiting: string[];
};

/** One run of the queue. Alt and the arrow keys move a waiting run. */
export function QueueLine({ summary, place, waiting }: Props) {
  const { run } = summary;
  const { stop } = useRunActions();
  const move = useMoveRun();
  const at = (place ?? 0) - 1;
  const to = (index: number) => {
    if (place === null || index < 0 || index >= waiting.length || move.isPending) return;
    // A run that moves down is put before the run after the next one, or at the end.
    const before = waiting[index > at ? index + 1 : index] ?? null;
    move.mutate({ id: run.id, before }, { onError: showError });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    to(at + (event.key === "ArrowUp" ? -1 : 1));
  };
  return (
    <li onKeyDown={onKeyDown} aria-label={run.name}>
      <Anchor
        inherit
        className={css.name}
        renderRoot={(props) => <Link to="/runs/$id" params={{ id: run.id }} {...props} />}
      >
        {run.name}
        <OnTarget run={run} there={summary.elsewhere} />
      </Anchor>
      <StateBadge state={run.state} />
      {place === null ? (
        <RunBar summary={summary} />
      ) : (
        <Text size="sm" c="dimmed">
          {place === 1 ? "Next" : `Number ${place} in the queue`}
        </Text>
      )}
      <Group gap={4} wrap="nowrap" justify="flex-end">
        {place !== null && (
          <>
            <Move label={`Move ${run.name} up`} keys="Alt ↑" off={at === 0} onMove={() => to(at - 1)}>
              <IconArrowUp size={15} stroke={1.6} />
            </Move>
            <Move
              label={`Move ${run.name} down`}
              keys="Alt ↓"
              off={at === waiting.length - 1}
              onMove={() => to(at + 1)}
            >
              <IconArrowDown size={15} stroke={1.6} />
            </Move>
          </>
        )}
        <Tooltip label={place === null ? "Stop" : "Take out of the queue"}>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={run.state === "stopping"}
            aria-label={place === null ? `Stop ${run.name}` : `Take ${run.name} out of the queue`}
            onClick={() => void stop(run)}
          >
            {place === null ? <IconPlayerStop size={16} stroke={1.6} /> : <IconX size={16} stroke={1.6} />}
          </ActionIcon>
        </Tooltip>
      </Group>
    </li>
  );
}

type MoveProps = { label: string; keys: string; off: boolean; onMove: () => void; children: React.ReactNode };

/** Disabled by attribute only: a disabled element would lose the focus when a run reaches either end. */
function Move({ label, keys, off, onMove, children }: MoveProps) {
  return (
    <Tooltip label={`${label} (${keys})`}>
      <ActionIcon
        className={css.move}
        variant="subtle"
        color="gray"
        aria-label={label}
        aria-disabled={off}
        data-disabled={off || undefined}
        onClick={onMove}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
