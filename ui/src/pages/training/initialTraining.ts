// The initial values of the start page: defaults, a copied job, or rows named in the address.
import { getRow, listRows } from "../../api/store";
import { idOf, tableOf } from "../../api/tables";
import type { Listed } from "../../bindings";
import { type FormValues, initialValues } from "../../components/form/values";
import { choiceValues } from "../../resources/jobs/choices/shownChoices";
import { freeName } from "./adapterName";

export type StartRequest = { dataset?: string; model?: string; prompt?: string; copy?: string };

const table = tableOf("fine_tuning_jobs");

/** Config texts of a job. Jobs of older versions have the id of a config instead. */
const texts = ["training_arguments_config", "lora_config", "model_bnb_config", "adapter_bnb_config"];
/** Columns that are not copied: they belong to the machine of the job, or must be unique. */
const elsewhere = ["num_workers", "num_cpu", "num_gpu", "num_memory", "adapter_name"];

export async function initialTraining(request: StartRequest): Promise<FormValues> {
  const values = initialValues(table, null);
  if (request.copy) Object.assign(values, await copied(await getRow("fine_tuning_jobs", request.copy)));
  if (request.model) values.base_model_id = request.model;
  if (request.dataset) values.dataset_id = request.dataset;
  if (request.prompt) {
    const { row } = await getRow("prompts", request.prompt);
    values.prompt_id = request.prompt;
    if (row.dataset_id) values.dataset_id = String(row.dataset_id);
  } else if (request.dataset) values.prompt_id = await latestPrompt(request.dataset);
  values.adapter_name = values.adapter_name || (await suggestedName(values));
  return values;
}

async function copied(job: Listed): Promise<FormValues> {
  const values = { ...initialValues(table, job), ...choiceValues(job.choices) };
  for (const name of elsewhere) delete values[name];
  for (const text of texts) {
    const config = job.row[`${text}_id`];
    if (values[text] || typeof config !== "string") continue;
    const { row } = await getRow("configs", config);
    values[text] = String(row.config ?? "");
  }
  values.adapter_name = await freeName(String(job.row.adapter_name ?? job.label));
  return values;
}

/** The id of the dataset's prompt that was changed last; empty without one. */
export async function latestPrompt(dataset: string): Promise<string> {
  if (!dataset) return "";
  const filters = [{ column: "dataset_id", value: dataset }];
  const found = await listRows("prompts", { search: null, sort: null, filters, offset: 0, limit: 1 });
  return found.rows[0] ? idOf(found.rows[0]) : "";
}

/** A free adapter name made from the names of the dataset and the base model. */
export async function suggestedName({ dataset_id, base_model_id }: FormValues): Promise<string> {
  if (!dataset_id) return "";
  const labels = await Promise.all([
    getRow("datasets", dataset_id),
    ...(base_model_id ? [getRow("models", base_model_id)] : []),
  ]);
  return freeName(labels.map(({ label }) => label).join("-"));
}
