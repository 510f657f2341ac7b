import type { Listed, ResultColumn } from "../../bindings";
import { linkOf } from "../runs/RunLinks";

/** The name of a combination: its adapter, or its model alone. */
export function columnName({ model, adapter }: Pick<ResultColumn, "model" | "adapter">): string {
  return adapter ?? `${model} alone`;
}

/** The same from the job's row. */
export function jobName(job: Listed | undefined, fallback: string): string {
  const model = linkOf(job, "base_model_id")?.label;
  const adapter = linkOf(job, "adapter_id")?.label;
  return adapter ?? (model ? `${model} alone` : fallback);
}
