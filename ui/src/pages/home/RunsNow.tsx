import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { isGoing, isLive, useRuns } from "../../api/runs";
import type { RunSummary } from "../../bindings";
import { Panel } from "../../components/Panel";
import { OnTarget } from "../../components/runs/OnTarget";
import { RunBar } from "../../components/runs/RunBar";
import { runIcons } from "../../components/runs/runIcons";
import { StateBadge } from "../../components/runs/StateBadge";
import { Time } from "../../components/Time";
import { formatMeasure } from "../../format/numbers";
import css from "./Home.module.css";

const LIVE = 4;
const OVER = 4;

/** The live runs, and the last ones that ended. */
export function RunsNow() {
  const { data = [] } = useRuns();
  if (data.length === 0) return null;
  const live = data.filter(({ run }) => isLive(run));
  const shown = [...live.slice(0, LIVE), ...data.filter(({ run }) => !isLive(run)).slice(0, OVER)];
  const more = live.length - LIVE;
  return (
    <Panel title="Runs" about={more > 0 ? `${more} more wait in the queue.` : undefined}>
      <ul className={css.list}>
        {shown.map((summary) => (
          <RunLine key={summary.run.id} summary={summary} />
        ))}
      </ul>
    </Panel>
  );
}

function RunLine({ summary }: { summary: RunSummary }) {
  const { run, loss } = summary;
  const Icon = runIcons[run.kind];
  return (
    <li>
      <Link to="/runs/$id" params={{ id: run.id }} className={css.run}>
        <Icon size={17} stroke={1.6} aria-hidden />
        <span className={css.name}>
          {run.name}
          <OnTarget run={run} there={summary.elsewhere} />
        </span>
        <StateBadge state={run.state} />
        {isGoing(run) ? (
          <RunBar summary={summary} />
        ) : (
          <Text span size="sm" c="dimmed" ta="right" className={css.name}>
            {run.kind === "training" && loss !== null && `loss ${formatMeasure(loss)} · `}
            <Time value={run.ended_at ?? run.created_at} />
          </Text>
        )}
      </Link>
    </li>
  );
}
