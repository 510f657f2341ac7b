import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconChevronDown, IconCopyPlus, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { isLive } from "../../api/runs";
import { idOf } from "../../api/tables";
import { useTargets } from "../../api/targets";
import type { RunReport } from "../../bindings";
import { retryWords, useRunActions } from "../../components/runs/useRunActions";

/** Buttons to stop a live run, to retry one that did not succeed, and to duplicate a run. */
export function RunButtons({ report }: { report: RunReport }) {
  const { run, jobs } = report;
  const { stop, retry, duplicate, stopping, retrying } = useRunActions();
  const job = jobs[0];
  return (
    <>
      {job && (
        <Button
          variant="default"
          leftSection={<IconCopyPlus size={15} stroke={1.6} />}
          onClick={() => void duplicate(run, idOf(job))}
        >
          Duplicate
        </Button>
      )}
      {isLive(run) && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={15} stroke={1.6} />}
          loading={stopping || run.state === "stopping"}
          onClick={() => void stop(run)}
        >
          {run.state === "queued" ? "Take out of the queue" : "Stop"}
        </Button>
      )}
      {!isLive(run) && run.state !== "succeeded" && (
        <Button.Group>
          <Button
            leftSection={<IconRefresh size={15} stroke={1.6} />}
            loading={retrying}
            onClick={() => retry(run)}
          >
            {retryWords(report)}
          </Button>
          <RetryElsewhere report={report} />
        </Button.Group>
      )}
    </>
  );
}

/** A menu of the other places where a run can go on; nothing where there is none. */
function RetryElsewhere({ report: { run, elsewhere } }: { report: RunReport }) {
  const { data: targets } = useTargets();
  const { retryOn, retrying } = useRunActions();
  const others = targets?.filter(({ id, confirmed }) => confirmed && id !== run.target) ?? [];
  // Results that only wait to be fetched are where they are, and exports work here.
  if (elsewhere?.left_there || run.kind === "export" || (run.target === null && others.length === 0))
    return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          h="auto"
          w={30}
          radius="sm"
          aria-label="Retry elsewhere"
          disabled={retrying}
          style={{
            borderStartStartRadius: 0,
            borderEndStartRadius: 0,
            borderInlineStartColor: "currentColor",
          }}
        >
          <IconChevronDown size={15} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Go on elsewhere, with the last checkpoint</Menu.Label>
        {run.target !== null && <Menu.Item onClick={() => retryOn(run, null)}>On this machine</Menu.Item>}
        {others.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => retryOn(run, id)}>
            On {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
