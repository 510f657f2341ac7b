import { Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { toAppError } from "../../api/errors";
import { useRemoveEnvironment } from "../../api/python";
import type { EnvironmentReport, EnvironmentState } from "../../bindings";
import { PathText } from "../../components/PathText";
import { Refusal } from "../../components/Refusal";
import { formatBytes } from "../../format/numbers";
import { PythonProgress } from "./PythonProgress";
import { usePythonWork } from "./PythonWork";

const actions: Partial<Record<EnvironmentState, string>> = {
  absent: "Create environment",
  unfinished: "Go on creating it",
  outdated: "Update environment",
};

/** The program's own environment: its state, and buttons to create, update or remove it. */
export function PythonEnvironment({ report }: { report: EnvironmentReport }) {
  const { creating, create, cancel } = usePythonWork();
  const remove = useRemoveEnvironment();
  const action = actions[report.state];
  const there = report.bytes !== null;
  const askRemove = () =>
    modals.openConfirmModal({
      title: "Remove the environment?",
      children: (
        <Text size="sm">
          This frees {formatBytes(report.bytes ?? 0)}. Training needs another Python then, or a new
          environment, which is downloaded again. Runs that still go would fail.
        </Text>
      ),
      labels: { confirm: "Remove", cancel: "Cancel" },
      confirmProps: { color: "red" },
      onConfirm: () => remove.mutate(),
    });
  return (
    <Stack gap={8}>
      <div>
        <Text size="sm" fw={500}>
          Environment of this program
        </Text>
        <Text size="sm">{about(report)}</Text>
        <Text size="sm" c="dimmed" component="div">
          <PathText path={report.folder} />
        </Text>
      </div>
      {creating.status === "running" ? (
        <PythonProgress progress={creating.progress} stopping={creating.cancelling} onStop={cancel} />
      ) : (
        <Group gap={8}>
          {action && (
            <Button
              variant={report.used === null && !report.program ? "filled" : "default"}
              disabled={remove.isPending}
              onClick={() => void create()}
            >
              {action}
            </Button>
          )}
          {there && (
            <Button variant="default" loading={remove.isPending} onClick={askRemove}>
              Remove
            </Button>
          )}
        </Group>
      )}
      {creating.status === "cancelled" && (
        <Text size="sm" role="status">
          Cancelled. What is there is kept; creating it again goes on from there.
        </Text>
      )}
      {creating.status === "failed" && <Refusal error={creating.error} />}
      {remove.error && <Refusal error={toAppError(remove.error)} />}
    </Stack>
  );
}

function about({ state, bytes: taken, size, free_bytes }: EnvironmentReport): string {
  const free = free_bytes === null ? "" : ` ${formatBytes(free_bytes)} are free there.`;
  switch (state) {
    case "absent":
      return `One with everything that training needs can be made here. It takes ${formatBytes(size)} and some minutes to download.${free}`;
    case "unfinished":
      return `It is not finished: ${formatBytes(taken ?? 0)} of about ${formatBytes(size)} are there. Creating it goes on from there.${free}`;
    case "outdated":
      return `It was made for another version of this program and takes ${formatBytes(taken ?? 0)}. It can be brought up to date.${free}`;
    case "complete":
      return `It is complete and takes ${formatBytes(taken ?? 0)}.`;
    case "foreign":
      return "Its folder holds something else, which is left as it is. Name an empty folder in FINE_TUNING_STUDIO_ENVIRONMENT before the program starts.";
  }
}
