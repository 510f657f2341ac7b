import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type FileSource, listProblems } from "../../../api/datasetFiles";
import { useTask } from "../../../api/useTask";
import type { ProblemFile } from "../../../bindings";
import { Refusal } from "../../../components/Refusal";
import { WorkProgress } from "../../../components/WorkProgress";
import { formatNumber } from "../../../format/numbers";
import { fileName, pathStem } from "../../../format/paths";
import { pickSavePath } from "../../../platform";

type Props = {
  /** The id of a dataset, or the path of a file. */
  source: FileSource;
  /** The dataset's file; the list is suggested beside it. */
  path: string;
};

/** Writes all problems to a file, since the page shows only the first ones. */
export function SaveProblems({ source, path }: Props) {
  const { state, run, cancel } = useTask<ProblemFile>();

  async function save() {
    const target = await pickSavePath(`${pathStem(path)}-problems.csv`, [
      { name: "CSV", extensions: ["csv"] },
    ]);
    if (target) await run(listProblems(source, target));
  }

  if (state.status === "running") {
    return (
      <WorkProgress
        label="Writing the list"
        progress={state.progress}
        verb="looked at"
        stopLabel="Stop"
        stopping={state.cancelling}
        onStop={cancel}
      />
    );
  }
  return (
    <Group gap="sm" aria-live="polite">
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={14} />}
        onClick={() => void save()}
      >
        Save the full list…
      </Button>
      {state.status === "done" && (
        <Text size="sm" c="dimmed">
          {formatNumber(state.result.problems)} problems are in {fileName(state.result.path)}.
        </Text>
      )}
      {state.status === "failed" && <Refusal error={state.error} />}
    </Group>
  );
}
