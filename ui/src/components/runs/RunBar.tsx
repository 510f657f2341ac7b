import { Progress, Text } from "@mantine/core";
import type { RunSummary } from "../../bindings";
import css from "../../pages/runs/Runs.module.css";
import { done, duration, figure, percent } from "../../pages/runs/words";

/** How far a run is: a bar, the steps, the time left, and the loss where there is one. */
export function RunBar({ summary }: { summary: Omit<RunSummary, "jobs"> }) {
  const { run, total, seconds_left, loss, message } = summary;
  const share = percent(summary.done, total);
  return (
    <div className={css.progress}>
      <Progress.Root flex={1} size="sm" miw={60}>
        <Progress.Section
          aria-label={`Progress of ${run.name}`}
          value={share ?? 100}
          animated={share === null}
          color={share === null ? "gray" : undefined}
        />
      </Progress.Root>
      <Text size="sm" className={`tabular ${css.name}`}>
        {total === null && message ? message : done(summary)}
        {seconds_left !== null && `, ${duration(seconds_left)} left`}
        {loss !== null && run.kind === "training" && (
          <Text span inherit c="dimmed">
            {" "}
            · loss {figure(loss)}
          </Text>
        )}
      </Text>
    </div>
  );
}
