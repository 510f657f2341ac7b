import type { Listed, ResultColumn } from "../../bindings";
import { linkOf } from "../runs/RunLinks";

/** What answers: the adapter, or the model alone. */
export function columnName({ model, adapter }: Pick<ResultColumn, "model" | "adapter">): string {
  return adapter ?? `${model} alone`;
}

/** The same from the job's row. */
export function jobName(job: Listed | undefined, fallback: string): string {
  const model = linkOf(job, "base_model_id")?.label;
  const adapter = linkOf(job, "adapter_id")?.label;
  return adapter ?? (model ? `${model} alone` : fallback);
}
