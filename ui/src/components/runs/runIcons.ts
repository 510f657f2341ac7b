import { IconPackageExport, type IconProps } from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { RunKind } from "../../bindings";
import { icons } from "../../bindings/icons";

export const runIcons: Record<RunKind, ComponentType<IconProps>> = {
  training: icons.fine_tuning_jobs,
  evaluation: icons.evaluation_jobs,
  export: IconPackageExport,
};
