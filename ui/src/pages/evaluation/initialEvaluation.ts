// The initial values of the start page of an evaluation.
import { readRunReport } from "../../api/runs";
import { getRow, listRows } from "../../api/store";
import { tableOf } from "../../api/tables";
import { EVALUATION_DEFAULTS, type JsonValue, type Row, type Spec } from "../../bindings";
import { type FormValues, initialValues } from "../../components/form/values";
import { latestPrompt } from "../training/initialTraining";

export type StartRequest = {
  dataset?: string;
  model?: string;
  prompt?: string;
  adapter?: string;
  copy?: string;
};

/** A model with or without an adapter, by id. Empty while nothing is chosen. */
export type Choice = { key: string; base_model_id: string; adapter_id: string };

export type InitialEvaluation = {
  values: FormValues;
  choices: Choice[];
  withBase: boolean;
  features: string[];
};

export const choice = (base_model_id = "", adapter_id = ""): Choice => ({
  key: crypto.randomUUID(),
  base_model_id,
  adapter_id,
});

export async function initialEvaluation(request: StartRequest): Promise<InitialEvaluation> {
  const values = {
    ...initialValues(tableOf("evaluation_jobs"), null),
    eval_dataset_fraction: String(EVALUATION_DEFAULTS.fraction),
    batch_size: String(EVALUATION_DEFAULTS.batch_size),
  } as FormValues;
  if (request.copy) return copied(request.copy, values);
  const adapter = request.adapter ? (await getRow("adapters", request.adapter)).row : null;
  const job = adapter?.fine_tuning_job_id ? await jobOf(String(adapter.fine_tuning_job_id)) : null;
  const prompt = request.prompt ?? text(adapter?.prompt_id) ?? text(job?.prompt_id) ?? "";
  const ofPrompt = prompt ? await rowOf("prompts", prompt) : null;
  // The prompt of an adapter is for its own dataset.
  const fits = Boolean(request.prompt) || !request.dataset || ofPrompt?.dataset_id === request.dataset;
  values.prompt_id = ofPrompt && fits ? prompt : "";
  values.dataset_id = request.dataset ?? text(job?.dataset_id) ?? text(ofPrompt?.dataset_id) ?? "";
  if (!values.prompt_id && values.dataset_id) values.prompt_id = await latestPrompt(values.dataset_id);
  return {
    values,
    choices: [choice(request.model ?? text(adapter?.model_id) ?? "", request.adapter ?? "")],
    withBase: true,
    features: [],
  };
}

const jobOf = (id: string) => rowOf("fine_tuning_jobs", id);

/** A referenced row; null if it was deleted. */
async function rowOf(table: "fine_tuning_jobs" | "prompts", id: string): Promise<Row | null> {
  return getRow(table, id).then(
    ({ row }) => row,
    () => null,
  );
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The values of a job and of the jobs that were started with it, from its rows and its specification. */
async function copied(id: string, values: FormValues): Promise<InitialEvaluation> {
  const job = await getRow("evaluation_jobs", id);
  const group = text(job.row.parent_job_id);
  const filters = [{ column: "parent_job_id", value: group ?? "" }];
  const found = group
    ? await listRows("evaluation_jobs", { search: null, sort: null, filters, offset: 0, limit: 100 })
    : { rows: [job] };
  for (const column of ["dataset_id", "prompt_id", "generation_config", "adapter_bnb_config"])
    values[column] = text(job.row[column]) ?? "";
  const spec = await frozen(id);
  values.eval_dataset_fraction = String(spec?.selection.sample ?? EVALUATION_DEFAULTS.fraction);
  values.batch_size = String(spec?.kind === "evaluation" ? spec.batch_size : EVALUATION_DEFAULTS.batch_size);
  return {
    values,
    choices: found.rows.map(({ row }) => choice(text(row.base_model_id), text(row.adapter_id))),
    withBase: false,
    features: spec?.selection.features ?? [],
  };
}

async function frozen(id: string): Promise<Spec | null> {
  return readRunReport(id).then(
    ({ specification }) => specification,
    () => null,
  );
}
