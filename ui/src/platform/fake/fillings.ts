// What the fake store holds: nothing, an example, or many rows.
import { TABLES } from "../../api/tables";
import type { Row, TableName } from "../../bindings";
import type { Filling, Kept } from "./store";

const START = Date.UTC(2026, 10, 23, 5);
const minutesAgo = (minutes: number) => new Date(START - minutes * 60_000).toISOString();

export function kept(table: TableName, row: Row, minutes = 0): Kept {
  const description = TABLES.find(({ name }) => name === table);
  const empty = Object.fromEntries((description?.columns ?? []).map(({ name }) => [name, null]));
  return { row: { ...empty, ...row }, created: minutesAgo(minutes + 90), changed: minutesAgo(minutes) };
}

const tickets = "3f1c2f7e-5b0a-4c1e-9d55-0d5f0c3c7a11";
const gemma = "8a8e6c1b-44a2-4f0c-8a3d-3d2f5a0b9c22";
const intent = "c0de1f3a-2b6d-4f7e-b1c2-9a8b7c6d5e33";
const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";
const job = "e5f6a7b8-c9d0-4e1f-a2b3-c4d5e6f7a855";

export function example(): Filling {
  return {
    datasets: [
      kept("datasets", {
        id: tickets,
        type: "project_csv",
        name: "Support tickets",
        location: "/home/ada/data/support-tickets.csv",
        features: '["instruction", "intent"]',
      }),
      kept(
        "datasets",
        { id: "7b0f", type: "huggingface", name: "squad", huggingface_name: "rajpurkar/squad" },
        60 * 26,
      ),
      kept(
        "datasets",
        { id: "9c11", type: "parquet", name: "Old export", location: "/mnt/old/export.parquet" },
        60 * 24 * 70,
      ),
    ],
    models: [
      kept(
        "models",
        {
          id: gemma,
          type: "huggingface",
          framework: "pytorch",
          name: "Gemma 3 1B",
          huggingface_model_name: "google/gemma-3-1b-it",
        },
        12,
      ),
      kept(
        "models",
        { id: "b2c4", type: "project", name: "Qwen local", location: "/home/ada/models/qwen" },
        300,
      ),
    ],
    adapters: [
      kept(
        "adapters",
        {
          id: adapter,
          type: "project",
          name: "tickets-intent",
          model_id: gemma,
          prompt_id: intent,
          fine_tuning_job_id: job,
          location: "/home/ada/adapters/tickets-intent",
        },
        4,
      ),
      kept(
        "adapters",
        {
          id: "ad02",
          type: "huggingface",
          name: "sql-lora",
          huggingface_name: "ada/sql-lora",
          model_id: "gone-model",
        },
        4000,
      ),
    ],
    prompts: [
      kept(
        "prompts",
        {
          id: intent,
          type: "in_place",
          name: "Classify a ticket",
          dataset_id: tickets,
          input_template: "<instruction>{instruction}</instruction>\n<intent>",
          completion_template: "{intent}</intent>",
          prompt_template: "<instruction>{instruction}</instruction>\n<intent>{intent}</intent>",
        },
        33,
      ),
    ],
    configs: [
      kept(
        "configs",
        {
          id: "cf01",
          type: "lora_config",
          description: "LoRA, rank 16",
          config: '{"r": 16, "lora_alpha": 32, "lora_dropout": 0.05}',
          is_default: 1,
        },
        9000,
      ),
      kept(
        "configs",
        {
          id: "cf02",
          type: "generation_config",
          description: "Short answers",
          config: '{"do_sample": false, "max_new_tokens": 60}',
          is_default: 0,
        },
        700,
      ),
      kept(
        "configs",
        {
          id: "cf03",
          type: "lora_config",
          description: "All linear layers",
          config:
            '{"r": 32, "lora_alpha": 64, "lora_dropout": 0.05, "bias": "none", "target_modules": ["q_proj", "k_proj", "v_proj"], "of_mine": {"x": 1}}',
          is_default: 0,
        },
        600,
      ),
    ],
    fine_tuning_jobs: [
      kept(
        "fine_tuning_jobs",
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
        5,
      ),
    ],
    evaluation_jobs: [
      kept(
        "evaluation_jobs",
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
        2,
      ),
    ],
  };
}

/** The example and `count` more datasets, models and adapters. */
export function many(count: number): Filling {
  const filling = example();
  const types = ["project_csv", "project_json", "project_jsonl"];
  for (let n = 1; n <= count; n++) {
    const id = `many-${n}`;
    const type = types[n % 3] ?? "project_csv";
    const name = `Dataset ${String(n).padStart(5, "0")}`;
    filling.datasets?.push(
      kept(
        "datasets",
        {
          id,
          type,
          name,
          location: `/home/ada/data/part-${n}.${type.slice(8)}`,
          features: '["question", "answer"]',
        },
        n * 7,
      ),
    );
    filling.models?.push(
      kept(
        "models",
        { id, type: "project", name: `Checkpoint ${n}`, location: `/home/ada/models/checkpoint-${n}` },
        n * 11,
      ),
    );
    filling.adapters?.push(
      kept(
        "adapters",
        {
          id,
          type: "project",
          name: `adapter-${n}`,
          model_id: n % 5 ? gemma : `many-${n}`,
          location: `/home/ada/adapters/${n}`,
        },
        n * 3,
      ),
    );
  }
  return filling;
}
