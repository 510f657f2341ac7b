// Generated from Rust; `cargo xtask codegen` writes it.
import { IconAdjustmentsHorizontal, IconChartDots, IconCube, IconPuzzle, IconRun, IconTable, IconTemplate, type IconProps } from "@tabler/icons-react";
import type { ComponentType } from "react";
         import type { TableName } from "./index";

/** Each resource's icon. */
         export const icons: Record<TableName, ComponentType<IconProps>> = {
	datasets: IconTable,
	models: IconCube,
	adapters: IconPuzzle,
	prompts: IconTemplate,
	configs: IconAdjustmentsHorizontal,
	fine_tuning_jobs: IconRun,
	evaluation_jobs: IconChartDots,
};
