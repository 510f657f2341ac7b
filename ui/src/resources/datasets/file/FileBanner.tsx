import { Alert, Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconFileCheck, IconFileOff, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { recognizedOptions, relocateDataset, stampOf, verifyDatasetFile } from "../../../api/datasetFiles";
import { useStoreChanged } from "../../../api/store";
import { useTask } from "../../../api/useTask";
import type { FileState, Relocated } from "../../../bindings";
import { CopyButton } from "../../../components/clipboard";
import { PathText } from "../../../components/PathText";
import { Refusal } from "../../../components/Refusal";
import { WorkProgress } from "../../../components/WorkProgress";
import { formatBytes } from "../../../format/numbers";
import { plural } from "../../../format/texts";
import { pickDatasetFile } from "../import/queue";
import { hasChoices, readingText } from "../import/readingChoices";
import css from "./FileBanner.module.css";
import { conditionNotice, relocationNotice } from "./fileCondition";
import { ReadingDialog } from "./ReadingDialog";
import { ThenAndNow } from "./ThenAndNow";

const looks = {
  there: { color: "teal", icon: IconFileCheck },
  never_read: { color: "blue", icon: IconInfoCircle },
  touched: { color: "yellow", icon: IconAlertTriangle },
  changed: { color: "yellow", icon: IconAlertTriangle },
  missing: { color: "red", icon: IconFileOff },
};

/** Whether a dataset's file has changed, with buttons to compare, accept or choose it again. */
export function FileBanner({ id, label, state: glance }: { id: string; label: string; state: FileState }) {
  const comparing = useTask<FileState>();
  const choosing = useTask<Relocated>();
  const storeChanged = useStoreChanged();
  const [compared, setCompared] = useState<FileState | null>(null);
  // A comparison is valid for the version of the file that was compared.
  const state =
    compared && glance.condition !== "there" && stampOf(compared) === stampOf(glance) ? compared : glance;
  const said = conditionNotice(state);
  const { color, icon: Icon } = looks[state.condition];

  async function compare() {
    const found = await comparing.run(verifyDatasetFile(id));
    if (!found) return;
    setCompared(found);
    await storeChanged();
    if (found.condition === "there" || found.condition === "touched") {
      const known = state.condition === "never_read";
      notifications.show({
        color: "green",
        title: known ? "The file was read" : "The content is the same",
        message: known ? "From now on, changes are detected." : "Every byte was compared.",
      });
    }
  }

  async function take(path: string | null) {
    if (!path) return;
    const done = await choosing.run(relocateDataset(id, path));
    if (!done) return;
    const { title, about } = relocationNotice(done);
    const good = done.same_content !== false && !done.columns_changed;
    notifications.show({ color: good ? "green" : "yellow", title, message: about, autoClose: 12_000 });
    await storeChanged();
  }

  const work = [comparing, choosing].find((one) => one.state.status === "running");
  const failed = [comparing.state, choosing.state].find((one) => one.status === "failed");
  const chooseAnew = (
    <Button variant="default" onClick={async () => take(await pickDatasetFile())}>
      Choose the file again
    </Button>
  );
  return (
    <section aria-label="File" className={css.file}>
      <Group gap={4} wrap="nowrap" className={css.line}>
        <PathText path={state.path} />
        <CopyButton value={state.path} what="path" />
      </Group>
      {!said && state.now && (
        <Text size="xs" c="dimmed">
          {[formatBytes(state.now.bytes), state.then?.rows != null && plural(state.then.rows, "row")]
            .filter(Boolean)
            .join(", ")}
          , unchanged since it was read
        </Text>
      )}
      {said && (
        <Alert
          color={color}
          variant="light"
          icon={<Icon size={18} stroke={1.6} />}
          title={said.title}
          role={state.condition === "missing" ? "alert" : "status"}
          classNames={{ root: css.banner, title: css.title }}
        >
          <Text size="sm">{said.about}</Text>
          <ThenAndNow then={state.then} now={state.now} />
          {!work && (
            <Group gap="xs" mt="xs">
              {(state.condition === "touched" || state.condition === "never_read") && !state.compared && (
                <Button variant="default" onClick={compare}>
                  {state.condition === "never_read" ? "Read it now" : "Compare the content"}
                </Button>
              )}
              {state.condition === "changed" && (
                <Button variant="default" onClick={() => take(state.path)}>
                  Accept it as it is
                </Button>
              )}
              {state.condition !== "never_read" &&
                !(state.condition === "touched" && state.compared) &&
                chooseAnew}
            </Group>
          )}
        </Alert>
      )}
      {state.now && !work && <Reading id={id} label={label} state={state} />}
      {work?.state.status === "running" && (
        <WorkProgress
          label="Reading the file"
          verb="read"
          progress={work.state.progress}
          stopLabel="Stop"
          stopping={work.state.cancelling}
          onStop={work.cancel}
        />
      )}
      {failed?.status === "failed" && <Refusal error={failed.error} mt="xs" />}
    </section>
  );
}

/** How the file is read, with a button to change it. */
function Reading({ id, label, state }: { id: string; label: string; state: FileState }) {
  const recognized = useQuery(recognizedOptions(id, stampOf(state))).data;
  const [open, setOpen] = useState(false);
  if (!recognized || !hasChoices(recognized)) return null;
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="xs" c="dimmed">
        Read as {readingText(recognized)}
      </Text>
      <Button variant="subtle" size="compact-xs" onClick={() => setOpen(true)}>
        Change…
      </Button>
      {open && <ReadingDialog id={id} label={label} state={state} onClose={() => setOpen(false)} />}
    </Group>
  );
}
