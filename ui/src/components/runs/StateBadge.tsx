import { Badge } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconPlayerPlay,
  IconPlayerStop,
  type IconProps,
  IconQuestionMark,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { RunState } from "../../bindings";
import css from "./Runs.module.css";
import { stateLabels } from "./runLabels";

const icons: Record<RunState, ComponentType<IconProps>> = {
  queued: IconClock,
  preparing: IconPlayerPlay,
  waiting: IconClock,
  running: IconPlayerPlay,
  stopping: IconPlayerStop,
  succeeded: IconCheck,
  failed: IconAlertTriangle,
  stopped: IconPlayerStop,
  lost: IconQuestionMark,
};

/** The state of a run as a word with an icon and a color. */
export function StateBadge({ state }: { state: RunState }) {
  const Icon = icons[state];
  return (
    <Badge
      className={css.badge}
      data-state={state}
      variant="light"
      size="md"
      radius="sm"
      tt="none"
      fw={500}
      leftSection={<Icon size={12} stroke={2} aria-hidden />}
    >
      {stateLabels[state]}
    </Badge>
  );
}
