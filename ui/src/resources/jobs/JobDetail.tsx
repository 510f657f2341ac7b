import { Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { isGoing, useRunOfJob } from "../../api/runs";
import { idOf } from "../../api/tables";
import type { Listed } from "../../bindings";
import { RunBar } from "../../components/runs/RunBar";
import { StateBadge } from "../../components/runs/StateBadge";
import { JobChoices } from "./choices/JobChoices";

/** What was chosen for a job beyond its columns, and the state of its run. */
export function JobDetail({ listed }: { listed: Listed }) {
  return (
    <Stack gap={12}>
      <RunOfJob id={idOf(listed)} />
      {listed.choices && <JobChoices choices={listed.choices} />}
    </Stack>
  );
}

function RunOfJob({ id }: { id: string }) {
  const summary = useRunOfJob(id);
  if (!summary) {
    return (
      <Text size="sm" c="dimmed">
        This is only a record: it has not run on this machine.
      </Text>
    );
  }
  const { run } = summary;
  return (
    <Stack gap={8}>
      <Group justify="space-between" gap={8}>
        <StateBadge state={run.state} />
        <Button
          variant="default"
          rightSection={<IconArrowRight size={15} stroke={1.6} />}
          renderRoot={(props) => <Link to="/runs/$id" params={{ id: run.id }} {...props} />}
        >
          Open the run
        </Button>
      </Group>
      {isGoing(run) && <RunBar summary={summary} />}
      {run.note && <Text size="sm">{run.note}</Text>}
      {run.hint && (
        <Text size="sm" c="dimmed">
          {run.hint}
        </Text>
      )}
    </Stack>
  );
}
