import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { convertDataset, type FileSource } from "../../../api/datasetFiles";
import { useTask } from "../../../api/useTask";
import type { Conversion, Converted, Shape } from "../../../bindings";
import { CopyButton } from "../../../components/clipboard";
import { PathText } from "../../../components/PathText";
import { Refusal } from "../../../components/Refusal";
import { WorkProgress } from "../../../components/WorkProgress";
import { formatBytes, formatNumber } from "../../../format/numbers";
import { pathStem } from "../../../format/paths";
import { plural } from "../../../format/texts";
import { pickSavePath } from "../../../platform";
import type { Goal } from "../preview/RowsView";
import { ProblemList } from "./ProblemList";
import { conversionLabel } from "./shapeLabels";

type Props = {
  source: FileSource;
  path: string;
  from: Shape;
  conversion: Conversion;
  onClose: () => void;
  onShow: (goal: Goal) => void;
  onImport: (path: string) => void;
};

/** Shapes with nested values, which a CSV file cannot hold. */
const listed: Shape[] = ["chat", "sharegpt"];
const jsonLines = { name: "JSON Lines", extensions: ["jsonl"] };
const csv = { name: "CSV", extensions: ["csv"] };

/** A conversion: its target, its progress and its result. */
export function ConvertDialog({ source, path, from, conversion, onClose, onShow, onImport }: Props) {
  const { to, says } = conversion;
  const { state, run, cancel } = useTask<Converted>();
  const running = state.status === "running";

  async function start() {
    const suggested = `${pathStem(path)}-${to.replaceAll("_", "-")}.jsonl`;
    const target = await pickSavePath(suggested, listed.includes(to) ? [jsonLines] : [jsonLines, csv]);
    // The system's dialog has already asked before replacing a file.
    if (target) await run(convertDataset(source, to, target));
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={conversionLabel(to, from)}
      size={620}
      closeOnClickOutside={false}
      closeOnEscape={!running}
      withCloseButton={!running}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {state.status === "done" ? (
        <Result
          converted={state.result}
          onClose={onClose}
          onShow={(goal) => {
            onClose();
            onShow(goal);
          }}
          onImport={() => {
            onClose();
            onImport(state.result.path);
          }}
        />
      ) : (
        <Stack gap="sm">
          <Text size="sm">{says}</Text>
          <Text size="sm" c="dimmed">
            The rows are written to a new file.{" "}
            {listed.includes(to) ? "" : "Its extension sets the format: .jsonl or .csv. "}
            Rows that can't be converted are left out and named.
          </Text>
          {state.status === "failed" && <Refusal error={state.error} />}
          {state.status === "cancelled" && <Text size="sm">Converting was stopped. No file was made.</Text>}
          {running ? (
            <WorkProgress
              label="Converting"
              verb="converted"
              progress={state.progress}
              stopLabel="Cancel"
              stopping={state.cancelling}
              onStop={cancel}
            />
          ) : (
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button data-autofocus onClick={start}>
                Choose where…
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Modal>
  );
}

type ResultProps = {
  converted: Converted;
  onClose: () => void;
  onShow: (goal: Goal) => void;
  onImport: () => void;
};

function Result({
  converted: { path, rows, bytes: size, left_out, problems },
  onClose,
  onShow,
  onImport,
}: ResultProps) {
  const notes = problems.filter(({ severity }) => severity === "warning");
  return (
    <Stack gap="sm">
      <div role="status">
        <Text size="sm" fw={500}>
          {plural(rows, "row")} written, {formatBytes(size)}
          {left_out > 0 && `; ${formatNumber(left_out)} left out`}
        </Text>
        <Group gap={4} wrap="nowrap" fz="xs" c="dimmed">
          <PathText path={path} />
          <CopyButton value={path} what="path" />
        </Group>
      </div>
      {problems.length > 0 && (
        <div style={{ maxHeight: 320, overflow: "auto" }}>
          {left_out > 0 && (
            <ProblemList
              label="Rows left out"
              problems={problems.filter(({ severity }) => severity === "error")}
              total={left_out}
              none=""
              onShow={onShow}
            />
          )}
          {notes.length > 0 && (
            <ProblemList label="Notes" problems={notes} total={notes.length} none="" onShow={onShow} />
          )}
        </div>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button data-autofocus onClick={onImport}>
          Import it
        </Button>
      </Group>
    </Stack>
  );
}
