// The runs of the example, started by the core and done by the worker of the host: a training that
// has ended well, one that failed, one that waits to go on, two behind it, and an evaluation.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvaluationRequest, Listed, Run, TrainingRequest } from "../../bindings";
import type { Connection } from "../host/connection";
import { begun, lossAt, type RunFiles, until, wave } from "../runs";
import { write, writeAdapter } from "./files";
import { gemma, intent, tickets } from "./rows";

/** The ids of the runs; that of a training is also its job's. */
export type Runs = Record<"done" | "failed" | "running" | "queued" | "waiting" | "evaluation", string> & {
  /** The adapter that came of the training that ended well. */
  adapter: string;
};

const FACTS = {
  event: "facts",
  device: "cpu",
  device_name: "AMD EPYC, 8 threads",
  parameters: 999_885_952,
  trainable_parameters: 1_490_944,
  versions: { torch: "2.9.1", transformers: "5.0.0", peft: "0.18.1", trl: "0.26.2" },
};

/** What a worker prints before the first step. */
export const START = [
  "Loading the libraries",
  "Loading google/gemma-3-1b-it",
  "trainable params: 1,490,944 || all params: 999,885,952 || trainable%: 0.1491",
  "",
].join("\n");

/** The rows of the evaluation, counted from 0, that the base answers and that the adapter does not. */
const RIGHT_OF_BASE = [1, 5, 9, 13, 17, 21, 25, 29];
const WRONG_OF_ADAPTER = [1, 5, 14, 23];

/** Makes them. The queue is paused afterwards. */
export async function makeRuns(connection: Connection): Promise<Runs> {
  const queue = (paused: boolean) => connection.invoke("set_queue", { rule: { paused, at_once: 1 } });
  const start = async (name: string, changes: TrainingRequest = {}): Promise<string> => {
    const request = { ...training(name), ...changes };
    return (await connection.invoke<Run>("start_training", { request })).id;
  };

  const done = await start("tickets-intent");
  const trained = await begun(connection, done);
  trained.print(START);
  trained.report(FACTS);
  trained.train(0, 204);
  const place = join(trained.folder, "output/adapter");
  writeAdapter(place, "google/gemma-3-1b-it");
  trained.report(
    { event: "mlflow", uri: "sqlite:////home/ada/mlflow.db", experiment_id: "3", run_id: "9f3c0a1b7d5e4f60" },
    { event: "message", level: "info", text: "The padding token is the tokenizer’s own, <pad>." },
    { event: "status", status: "saving", message: null },
  );
  trained.end({ status: "succeeded", adapter: place });
  await until(connection, done, "succeeded");
  const job = await connection.invoke<Listed>("get", { table: "fine_tuning_jobs", id: done });
  const adapter = String(job.row.adapter_id);

  const evaluation = await evaluate(connection, adapter);

  const failed = await start("tickets-hot", { learning_rate: 0.02, lora_config: lora(64) });
  const hot = await begun(connection, failed);
  hot.print(START);
  hot.report(FACTS);
  hot.train(0, 74, (step) => lossAt(step) * 0.8 + (step / 40) ** 2 * (1 + 0.2 * wave(step)));
  hot.print("RuntimeError: DataLoader worker is killed by signal: Killed.\n");
  hot.end({
    status: "failed",
    message: "The machine ran out of memory at step 74.",
    hint: "Use a smaller batch or fewer tokens a row, then retry: it goes on from step 50.",
  });
  await until(connection, failed, "failed");

  await queue(true);
  const running = await start("tickets-intent-2");
  const queued = await start("tickets-rank-32");
  const waiting = await start("tickets-long");
  return { done, failed, running, queued, waiting, evaluation, adapter };
}

/** Lets the run that waits first begin. */
export async function begin(connection: Connection, id: string): Promise<RunFiles> {
  await connection.invoke("set_queue", { rule: { paused: false, at_once: 1 } });
  const run = await begun(connection, id);
  run.print(START);
  run.report(FACTS);
  return run;
}

function training(name: string): TrainingRequest {
  return {
    base_model_id: gemma,
    dataset_id: tickets,
    prompt_id: intent,
    adapter_name: name,
    framework_type: "legacy",
    num_epochs: 3,
    learning_rate: 0.0002,
    dataset_fraction: 1,
    train_test_split: 0.9,
    lora_config: lora(16),
    training_arguments_config: JSON.stringify({
      per_device_train_batch_size: 4,
      gradient_accumulation_steps: 1,
      optim: "adamw_torch",
      lr_scheduler_type: "cosine",
      warmup_ratio: 0.03,
      max_length: 512,
      save_steps: 50,
    }),
    auto_add_adapter: true,
  };
}

function lora(rank: number): string {
  return JSON.stringify({ r: rank, lora_alpha: 2 * rank, lora_dropout: 0.05, bias: "none" });
}

/** The base and the adapter on the rows that were held back. */
async function evaluate(connection: Connection, adapter: string): Promise<string> {
  const combinations = [null, adapter].map((adapter_id) => ({ base_model_id: gemma, adapter_id }));
  const request: EvaluationRequest = {
    model_adapter_combinations: combinations,
    dataset_id: tickets,
    prompt_id: intent,
  };
  const { id } = await connection.invoke<Run>("start_evaluation", { request });
  const run = await begun(connection, id);
  run.report(FACTS);
  const lines = (file: string) => readFileSync(join(run.folder, file), "utf8").trimEnd().split("\n");
  const rows: { row: number; completion: string }[] = lines("eval.jsonl").map((line) => JSON.parse(line));
  const job = JSON.parse(readFileSync(join(run.folder, "job.json"), "utf8"));
  for (const [which, { job: of, folder }] of job.combinations.entries()) {
    const answers = rows.map(({ row, completion }, at) => {
      const right = which === 0 ? RIGHT_OF_BASE.includes(at) : !WRONG_OF_ADAPTER.includes(at);
      const output = right ? completion : `${completion.replace("_", " ")}, I think`;
      return {
        row,
        output,
        exact_match: right ? 1 : 0,
        rouge1: right ? 1 : 0.4 + 0.1 * wave(at),
        rougeL: right ? 1 : 0.35 + 0.1 * wave(at),
        latency: 0.31 + 0.03 * which + 0.05 * wave(at),
        output_tokens: Math.ceil(output.length / 4),
      };
    });
    write(join(folder, "rows.jsonl"), answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
    const share = answers.filter(({ exact_match }) => exact_match === 1).length / rows.length;
    const [rouge, latency] = which === 0 ? [0.512, 0.313] : [0.914, 0.338];
    const metrics = {
      "exact_match/v1": share,
      "rouge1/v1/mean": rouge,
      "rougeL/v1/mean": rouge - 0.01,
      "rougeLsum/v1/mean": rouge - 0.01,
      "latency/mean": latency,
    };
    run.report(
      { event: "combination", job: of, status: "scored", done: rows.length, total: rows.length },
      { event: "result", job: of, metrics },
    );
  }
  run.print(`Loading google/gemma-3-1b-it\n${rows.length} of ${rows.length} answered\n`);
  run.end({ status: "succeeded" });
  await until(connection, id, "succeeded");
  return id;
}
