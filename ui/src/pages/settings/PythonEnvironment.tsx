import { Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { toAppError } from "../../api/errors";
import { useRemoveEnvironment } from "../../api/python";
import type { EnvironmentKind, EnvironmentState, OwnEnvironment } from "../../bindings";
import { EnvironmentWork } from "../../components/EnvironmentWork";
import { PathText } from "../../components/PathText";
import { Refusal } from "../../components/Refusal";
import { formatBytes } from "../../format/numbers";
import { usePythonWork } from "./PythonWork";

const actions: Partial<Record<EnvironmentState, string>> = {
  absent: "Create environment",
  unfinished: "Continue creating it",
  outdated: "Update environment",
};

const purposes: Record<EnvironmentKind, { title: string; needs: string; without: string }> = {
  training: {
    title: "Environment of this program",
    needs: "training",
    without: "Training then needs another Python or a new environment, which is downloaded again.",
  },
  axolotl: {
    title: "Environment for Axolotl",
    needs: "Axolotl",
    without: "Training with Axolotl then needs a new environment, which is downloaded again.",
  },
  gguf: {
    title: "Environment for GGUF",
    needs: "an export to GGUF or Ollama",
    without: "Exports to GGUF and Ollama then need a new environment, which is downloaded again.",
  },
};

type Props = {
  own: OwnEnvironment;
  /** Whether nothing can be trained without it. */
  needed: boolean;
};

/** An environment of the program: its state, and buttons to create, update or remove it. */
export function PythonEnvironment({ own, needed }: Props) {
  const { creating, create, cancel } = usePythonWork(own.kind);
  const remove = useRemoveEnvironment(own.kind);
  const action = own.unavailable === null && actions[own.state];
  const there = own.bytes !== null;
  const { title, without } = purposes[own.kind];
  const askRemove = () =>
    modals.openConfirmModal({
      title: "Remove the environment?",
      children: (
        <Text size="sm">
          This frees {formatBytes(own.bytes ?? 0)}. {without} Active runs will fail.
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
          {title}
        </Text>
        <Text size="sm">{own.unavailable ?? about(own)}</Text>
        <Text size="sm" c="dimmed" component="div">
          <PathText path={own.folder} />
        </Text>
      </div>
      {creating.status === "running" ? (
        <EnvironmentWork progress={creating.progress} stopping={creating.cancelling} onStop={cancel} />
      ) : (
        <Group gap={8}>
          {action && (
            <Button
              variant={needed ? "filled" : "default"}
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
          Canceled. The finished part is kept, and creating it again continues from there.
        </Text>
      )}
      {creating.status === "failed" && <Refusal error={creating.error} />}
      {remove.error && <Refusal error={toAppError(remove.error)} />}
    </Stack>
  );
}

function about({ kind, state, bytes: taken, size, free_bytes }: OwnEnvironment): string {
  const free = free_bytes === null ? "" : ` ${formatBytes(free_bytes)} are free there.`;
  switch (state) {
    case "absent":
      return `An environment with everything that ${purposes[kind].needs} needs can be created here. It takes ${formatBytes(size)} of disk space and a few minutes to download.${free}`;
    case "unfinished":
      return `It is not finished: ${formatBytes(taken ?? 0)} of about ${formatBytes(size)} are downloaded. Creating it continues from there.${free}`;
    case "outdated":
      return `It was created for another version of this program and takes ${formatBytes(taken ?? 0)}. It can be updated.${free}`;
    case "complete":
      return `It is complete and takes ${formatBytes(taken ?? 0)}.`;
    case "foreign":
      return "Its folder contains other files, which are left alone. Set FINE_TUNING_STUDIO_ENVIRONMENT to an empty folder before the program starts.";
  }
}
