import {
  IconAdjustmentsHorizontal,
  IconChartDots,
  IconCube,
  type IconProps,
  IconPuzzle,
  IconRun,
  IconTable,
  IconTemplate,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { TableName } from "../bindings";

export const icons: Record<TableName, ComponentType<IconProps>> = {
  datasets: IconTable,
  models: IconCube,
  adapters: IconPuzzle,
  prompts: IconTemplate,
  configs: IconAdjustmentsHorizontal,
  fine_tuning_jobs: IconRun,
  evaluation_jobs: IconChartDots,
};
