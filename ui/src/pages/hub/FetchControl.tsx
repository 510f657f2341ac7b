import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { CachedKind, CachedState } from "../../bindings";
import { ProgressBar } from "../../components/ProgressBar";
import { Refusal } from "../../components/Refusal";
import { formatBytes } from "../../format/numbers";
import { type Fetching, useFetching } from "./FetchWork";

type Props = { kind: CachedKind; name: string; cached: CachedState | null };

/** Fetches a repository into the local cache, with progress and Cancel. */
export function FetchControl({ kind, name, cached }: Props) {
  const fetching = useFetching();
  const { state } = fetching;
  const isOwn = fetching.name === name;
  if (isOwn && state.status === "running") return <Running fetching={fetching} />;
  const busy = state.status === "running";
  return (
    <>
      {isOwn && state.status === "failed" && <Refusal error={state.error} />}
      {isOwn && state.status === "cancelled" && (
        <Text size="sm" c="dimmed" role="status">
          Canceled. What was received is kept.
        </Text>
      )}
      {cached !== "complete" && (
        <Button
          variant="default"
          leftSection={<IconDownload size={15} stroke={1.6} />}
          disabled={busy}
          title={busy ? `${fetching.name} is being fetched.` : undefined}
          onClick={() => fetching.start(kind, name)}
        >
          {cached ? "Fetch the rest" : "Fetch"}
        </Button>
      )}
    </>
  );
}

function Running({ fetching }: { fetching: Fetching }) {
  if (fetching.state.status !== "running") return null;
  const { progress, cancelling } = fetching.state;
  return (
    <div role="group" aria-label={`Fetching ${fetching.name}`} style={{ flex: "1 1 100%" }}>
      <Group gap="sm" wrap="nowrap">
        <ProgressBar
          label={`Fetching ${fetching.name}`}
          done={progress?.bytes ?? 0}
          total={progress?.total}
        />
        <Button variant="default" size="compact-sm" onClick={fetching.cancel} loading={cancelling}>
          Cancel
        </Button>
      </Group>
      <Text size="xs" c="dimmed" className="tabular" mt={4}>
        {progress
          ? `${formatBytes(progress.bytes)} of ${formatBytes(progress.total)}, ${progress.files} of ${progress.of_files} files`
          : "Listing the files…"}
      </Text>
      {progress?.waiting && <Text size="xs">{progress.waiting}</Text>}
    </div>
  );
}
