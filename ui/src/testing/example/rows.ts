// The rows of the example: a workspace in which a person has done a little of everything.
import type { TableName } from "../../bindings";
import type { Rows } from "../rows";

export const tickets = "3f1c2f7e-5b0a-4c1e-9d55-0d5f0c3c7a11";
export const gemma = "8a8e6c1b-44a2-4f0c-8a3d-3d2f5a0b9c22";
/** The model in a folder. */
export const qwen = "b2c4";
export const intent = "c0de1f3a-2b6d-4f7e-b1c2-9a8b7c6d5e33";
export const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";
export const job = "e5f6a7b8-c9d0-4e1f-a2b3-c4d5e6f7a855";

/** The rows of the example, with files in this folder. */
export function example(ada: string): Rows {
  return {
    datasets: [
      {
        id: tickets,
        type: "project_csv",
        name: "Support tickets",
        location: `${ada}/data/support-tickets.csv`,
        features: '["instruction", "intent"]',
      },
      { id: "7b0f", type: "huggingface", name: "squad", huggingface_name: "rajpurkar/squad" },
      { id: "9c11", type: "parquet", name: "Old export", location: "/mnt/old/export.parquet" },
    ],
    models: [
      {
        id: gemma,
        type: "huggingface",
        framework: "pytorch",
        name: "Gemma 3 1B",
        huggingface_model_name: "google/gemma-3-1b-it",
      },
      { id: qwen, type: "project", name: "Qwen local", location: `${ada}/models/qwen` },
    ],
    adapters: [
      {
        id: adapter,
        type: "project",
        name: "tickets-intent",
        model_id: gemma,
        prompt_id: intent,
        fine_tuning_job_id: job,
        location: `${ada}/adapters/tickets-intent`,
      },
      {
        id: "ad02",
        type: "huggingface",
        name: "sql-lora",
        huggingface_name: "ada/sql-lora",
        model_id: "gone-model",
      },
    ],
    prompts: [
      {
        id: intent,
        type: "in_place",
        name: "Classify a ticket",
        dataset_id: tickets,
        input_template: "<instruction>{instruction}</instruction>\n<intent>",
        completion_template: "{intent}</intent>",
        prompt_template: "<instruction>{instruction}</instruction>\n<intent>{intent}</intent>",
      },
    ],
    configs: [
      {
        id: "cf01",
        type: "lora_config",
        description: "LoRA, rank 16",
        config: '{"r": 16, "lora_alpha": 32, "lora_dropout": 0.05}',
        is_default: 1,
      },
      {
        id: "cf02",
        type: "generation_config",
        description: "Short answers",
        config: '{"do_sample": false, "max_new_tokens": 60}',
        is_default: 0,
      },
      {
        id: "cf03",
        type: "lora_config",
        description: "All linear layers",
        config:
          '{"r": 32, "lora_alpha": 64, "lora_dropout": 0.05, "bias": "none", "target_modules": ["q_proj", "k_proj", "v_proj"], "of_mine": {"x": 1}}',
        is_default: 0,
      },
    ],
    fine_tuning_jobs: [
      {
        id: job,
        base_model_id: gemma,
        dataset_id: tickets,
        prompt_id: intent,
        adapter_name: "tickets-intent",
        framework_type: "legacy",
        num_epochs: 3,
        learning_rate: 0.0002,
        num_workers: 1,
        num_cpu: 2,
        num_gpu: 1,
        num_memory: 16,
        dataset_fraction: 1,
        train_test_split: 0.9,
        lora_config: '{"r": 16}',
      },
    ],
    evaluation_jobs: [
      {
        id: "ev01",
        type: "mlflow",
        base_model_id: gemma,
        adapter_id: adapter,
        dataset_id: tickets,
        prompt_id: intent,
        num_workers: 1,
        num_cpu: 2,
        num_gpu: 0,
        num_memory: 8,
      },
    ],
  };
}

/** The rows by when they changed, the latest last. */
export const CHANGED: [TableName, string][] = [
  ["datasets", "9c11"],
  ["configs", "cf01"],
  ["adapters", "ad02"],
  ["datasets", "7b0f"],
  ["configs", "cf02"],
  ["configs", "cf03"],
  ["models", qwen],
  ["prompts", intent],
  ["models", gemma],
  ["fine_tuning_jobs", job],
  ["adapters", adapter],
  ["evaluation_jobs", "ev01"],
  ["datasets", tickets],
];

/** The rows without those that come of runs. */
export function withoutRuns(ada: string): Rows {
  const rows = example(ada);
  const adapters = rows.adapters?.filter(({ id }) => id !== adapter);
  return { ...rows, adapters, fine_tuning_jobs: [], evaluation_jobs: [] };
}
