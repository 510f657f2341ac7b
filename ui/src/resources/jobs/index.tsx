import { IconCopyPlus, IconMessage, IconPlayerPlay, IconRun } from "@tabler/icons-react";
import { idOf } from "../../api/tables";
import { Queue } from "../../components/runs/Queue";
import type { ResourceExtras } from "../registry";
import { CompareRuns } from "./CompareRuns";
import { LossCell, RightCell, StateCell } from "./cells";
import { JobDetail } from "./JobDetail";

const state = {
  name: "state",
  header: "State",
  least: 126,
  share: 1,
  unsorted: true,
};

export const trainings: ResourceExtras = {
  primaryAction: {
    label: "Train…",
    icon: IconPlayerPlay,
    plain: true,
    run: (go) => void go({ to: "/training/start" }),
  },
  formLabel: "Add a record",
  above: () => <Queue kind="training" />,
  columns: [
    { ...state, cell: (listed) => <StateCell job={idOf(listed)} /> },
    {
      name: "loss",
      header: "Last loss",
      least: 88,
      share: 1,
      end: true,
      unsorted: true,
      cell: (listed) => <LossCell job={idOf(listed)} />,
    },
  ],
  rowActions: (listed, go) => [
    {
      label: "Train again…",
      icon: IconCopyPlus,
      run: () => void go({ to: "/training/start", search: { copy: idOf(listed) } }),
    },
  ],
  detail: JobDetail,
  forSelection: CompareRuns,
};

export const evaluations: ResourceExtras = {
  primaryAction: {
    label: "Evaluate…",
    icon: IconRun,
    plain: true,
    run: (go) => void go({ to: "/evaluation/start" }),
  },
  formLabel: "Add a record",
  moreActions: [{ label: "Try it…", icon: IconMessage, plain: true, run: (go) => void go({ to: "/try" }) }],
  above: () => <Queue kind="evaluation" />,
  columns: [
    { ...state, cell: (listed) => <StateCell job={idOf(listed)} /> },
    {
      name: "right",
      header: "Right",
      least: 104,
      share: 1,
      end: true,
      unsorted: true,
      cell: (listed) => <RightCell job={idOf(listed)} />,
    },
  ],
  rowActions: (listed, go) => [
    {
      label: "Evaluate again…",
      icon: IconCopyPlus,
      run: () => void go({ to: "/evaluation/start", search: { copy: idOf(listed) } }),
    },
  ],
  detail: JobDetail,
  forSelection: CompareRuns,
};
