import { Button, Group, Stack, Text } from "@mantine/core";
import { toAppError } from "../../api/errors";
import { usePrepareTarget } from "../../api/targets";
import type { EnvironmentThere, EnvironmentThereState, Target } from "../../bindings";
import { EnvironmentWork } from "../../components/EnvironmentWork";
import { Refusal } from "../../components/Refusal";

const actions: Record<EnvironmentThereState, string | null> = {
  missing: "Create environment",
  older: "Create environment",
  unfinished: "Continue creating it",
  making: "Show progress",
  made: null,
};

const abouts: Record<EnvironmentThereState, string> = {
  missing:
    "This target names no Python. An environment with everything that training needs can be created there: 6.5 GB, from the package index of that machine.",
  older:
    "The environment there was created for another version of this program. A new one takes 6.5 GB beside it.",
  unfinished: "The environment there is not finished. Creating it continues where it stopped.",
  making: "The environment is being created there.",
  made: "",
};

type Props = { target: Target; environment: EnvironmentThere };

/** The Python environment of a target that names no Python: its state, and a button that creates it. */
export function Environment({ target: { id, name, settings }, environment: { state } }: Props) {
  const { state: work, prepare, stop } = usePrepareTarget(id);
  const action = actions[state];
  if (work.status === "running") {
    return (
      <Stack gap={4} mb={12}>
        <EnvironmentWork
          progress={work.progress}
          stopping={stop.isPending}
          stopLabel="Stop"
          onStop={() => stop.mutate()}
        />
        <Text size="sm" c="dimmed">
          It goes on on {name} when this page or the program is closed.
        </Text>
        {stop.error && <Refusal error={toAppError(stop.error)} />}
      </Stack>
    );
  }
  if (action === null) return null;
  return (
    <Stack gap={8} mb={12} align="flex-start">
      <Text size="sm">
        {abouts[state]}
        {settings.kind === "slurm" && " This is done on the login node."}
      </Text>
      <Group gap={8}>
        <Button variant="default" onClick={() => void prepare()}>
          {action}
        </Button>
      </Group>
      {work.status === "failed" && <Refusal error={work.error} />}
    </Stack>
  );
}
