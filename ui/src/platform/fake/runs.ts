// Runs in memory: a queue, what each run told so far, and plans by the core's rules in short.

import { columnOf, tableOf } from "../../api/tables";
import type {
  Account,
  AppError,
  EvaluationPlan,
  EvaluationResults,
  FieldProblem,
  JsonValue,
  LogPart,
  QueueRule,
  ResultFilter,
  ResultRow,
  Row,
  Run,
  RunComparison,
  RunReport,
  RunState,
  RunSummary,
  TableName,
  TrainingPlan,
  TrialAnswer,
} from "../../bindings";
import { kept } from "./fillings";
import { type FakeStore, refusal } from "./store";

export type FakeRun = {
  run: Run;
  account: Account;
  jobs: string[];
  specification: JsonValue;
  log: string;
  results?: Omit<EvaluationResults, "offset" | "total">;
};

type Arguments = { [name: string]: unknown };

const live: RunState[] = ["queued", "preparing", "running", "stopping"];
export const isLive = ({ run }: FakeRun) => live.includes(run.state);

export function emptyAccount(): Account {
  return {
    status: null,
    message: null,
    step: 0,
    max_steps: null,
    epoch: null,
    seconds_left: null,
    series: [],
    checkpoints: [],
    facts: {},
    tracked: [],
    notes: [],
    combinations: [],
    adapter: null,
  };
}

export class FakeRuns {
  readonly all: FakeRun[] = [];
  rule: QueueRule = { paused: false, at_once: 1 };
  /** Why nothing can start, if the environment is at fault. */
  noPython: string | null = null;
  /** The questions that were asked of what is loaded, latest last. */
  readonly asked: { id: string; prompt: string; targets: string[] }[] = [];
  /** Called when a model is to be loaded. */
  onOpen: () => void = () => {};
  private trial: ((answer: TrialAnswer) => void) | null = null;
  private made = 0;

  constructor(private readonly store: FakeStore) {}

  find(id: string): FakeRun {
    const found = this.all.find(({ run, jobs }) => run.id === id || jobs.includes(id));
    if (!found) throw refusal("not_found", `There is no run with the identifier ${id}.`);
    return found;
  }

  add(run: Partial<Run> & Pick<Run, "id" | "kind" | "name" | "state">, rest: Partial<FakeRun> = {}): FakeRun {
    const added: FakeRun = {
      run: {
        place: this.all.length + 1,
        attempt: 1,
        note: null,
        hint: null,
        created_at: new Date().toISOString(),
        started_at: null,
        stop_asked_at: null,
        ended_at: null,
        ...run,
      },
      account: emptyAccount(),
      jobs: [run.id],
      specification: {},
      log: "",
      ...rest,
    };
    this.all.push(added);
    return added;
  }

  /** Lets a training go on, as far as it goes. */
  advance(id: string, steps = 1): void {
    const { run, account } = this.find(id);
    const measure = (name: string, step: number, value: number) => {
      let series = account.series.find((series) => series.name === name);
      if (!series) {
        series = { name, points: [] };
        account.series.push(series);
      }
      series.points.push({ step, value });
    };
    for (let n = 0; n < steps && account.step < (account.max_steps ?? 0); n++) {
      const step = account.step + 1;
      const max = account.max_steps ?? 1;
      account.step = step;
      account.epoch = (step / max) * 3;
      account.seconds_left = (max - step) * 1.4;
      measure("loss", step, lossAt(step, max));
      measure("learning_rate", step, 2e-4 * 0.5 * (1 + Math.cos((Math.PI * step) / max)));
      measure("grad_norm", step, 0.6 + 1.6 * Math.exp((-4 * step) / max) + 0.3 * wave(step * 3));
      if (step % 50 === 0) {
        measure("eval_loss", step, lossAt(step, max) * 1.08 + 0.03);
        account.checkpoints.push(step);
      }
      this.find(id).log +=
        `{'loss': ${lossAt(step, max).toFixed(4)}, 'epoch': ${account.epoch.toFixed(2)}}\n`;
    }
    if (account.step === account.max_steps && run.state === "running") this.end(id, "succeeded");
  }

  end(id: string, state: RunState, note: string | null = null, hint: string | null = null): void {
    const { run, account } = this.find(id);
    account.seconds_left = null;
    Object.assign(run, { state, note, hint, ended_at: new Date().toISOString() });
  }

  /** What the worker of a trial says. */
  answer(answer: TrialAnswer): void {
    this.trial?.(answer);
  }

  private summary({ run, account, jobs }: FakeRun): RunSummary {
    const rows = account.combinations;
    const training = run.kind === "training";
    return {
      run: { ...run },
      done: training ? account.step : rows.reduce((sum, { done }) => sum + done, 0),
      total: training ? account.max_steps : rows[0]?.total ? rows[0].total * jobs.length : null,
      seconds_left: account.seconds_left,
      message: live.includes(run.state) && run.state !== "queued" ? account.message : null,
      loss: account.series.find(({ name }) => name === "loss")?.points.at(-1)?.value ?? null,
      jobs: [...jobs],
    };
  }

  commands(listen: (channel: unknown) => (answer: TrialAnswer) => void) {
    return {
      runs: (): RunSummary[] => {
        const waiting = this.all.filter(isLive).toSorted((a, b) => a.run.place - b.run.place);
        const over = this.all.filter((run) => !isLive(run));
        const newest = over.toSorted((a, b) => b.run.created_at.localeCompare(a.run.created_at));
        return [...waiting, ...newest].map((run) => this.summary(run));
      },
      run_report: ({ id }: Arguments): RunReport => {
        const found = this.find(String(id));
        const table: TableName = found.run.kind === "training" ? "fine_tuning_jobs" : "evaluation_jobs";
        return {
          run: { ...found.run },
          account: structuredClone(found.account),
          jobs: found.jobs.filter((id) => this.store.has(table, id)).map((id) => this.store.get(table, id)),
          specification: JSON.stringify(found.specification, null, 2),
          folder: `/home/ada/studio-runs/${found.run.id}`,
        };
      },
      run_log: ({ id, from, limit }: Arguments) =>
        logPart(this.find(String(id)).log, from as number | null, Number(limit)),
      stop_run: ({ id }: Arguments): Run => {
        const { run } = this.find(String(id));
        if (run.state === "queued") this.end(run.id, "stopped", "It was taken out of the queue.");
        else run.state = "stopping";
        return { ...run };
      },
      retry_run: ({ id }: Arguments): Run => {
        const { run } = this.find(String(id));
        Object.assign(run, {
          state: "queued",
          attempt: run.attempt + 1,
          note: null,
          hint: null,
          ended_at: null,
        });
        run.place = Math.max(...this.all.map(({ run }) => run.place)) + 1;
        return { ...run };
      },
      move_run: ({ id, before }: Arguments) => {
        const { run } = this.find(String(id));
        const last = Math.max(...this.all.map(({ run }) => run.place));
        run.place = before ? this.find(String(before)).run.place - 0.5 : last + 1;
        return null;
      },
      queue: () => ({ ...this.rule }),
      set_queue: ({ rule }: Arguments) => {
        this.rule = rule as QueueRule;
        return null;
      },
      plan_training: ({ fields }: Arguments) => this.planTraining(fields as Row),
      start_training: ({ fields }: Arguments): Run => {
        const row = fields as Row;
        refuse(this.planTraining(row).problems);
        const { auto_add_adapter: _, ...columns } = row;
        const id = this.newId("fine_tuning_jobs", columns);
        return { ...this.add({ id, kind: "training", name: String(row.adapter_name), state: "queued" }).run };
      },
      plan_evaluation: ({ fields }: Arguments) => this.planEvaluation(fields as Row),
      start_evaluation: ({ fields }: Arguments): Run => {
        const row = fields as Row;
        refuse(this.planEvaluation(row).problems);
        const { dataset_id = null, prompt_id = null } = row;
        const jobs = combinationsOf(row).map((combination) =>
          this.newId("evaluation_jobs", { dataset_id, prompt_id, ...combination }),
        );
        const name = `${jobs.length} on ${this.store.get("datasets", String(dataset_id)).label}`;
        return {
          ...this.add({ id: `run-${jobs[0]}`, kind: "evaluation", name, state: "queued" }, { jobs }).run,
        };
      },
      compare_runs: ({ ids }: Arguments): RunComparison => {
        const found = (ids as string[]).map((id) => this.find(id));
        const specs = found.map(({ specification }) => leaves(specification));
        const paths = [...new Set(specs.flatMap((spec) => [...spec.keys()]))];
        return {
          runs: found.map(({ run }) => ({ ...run })),
          series: structuredClone(found.map(({ account }) => account.series)),
          settings: paths
            .map((path) => ({ path, values: specs.map((spec) => spec.get(path) ?? null) }))
            .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1),
        };
      },
      evaluation_results: ({ id, filter, offset, limit }: Arguments): EvaluationResults => {
        const { results } = this.find(String(id));
        const rows = (results?.rows ?? []).filter((row) => wanted(filter as ResultFilter, row));
        const from = Number(offset);
        return {
          combinations: results?.combinations ?? [],
          offset: from,
          rows: structuredClone(rows.slice(from, from + Number(limit))),
          total: rows.length,
        };
      },
      open_trial: ({ onAnswer }: Arguments) => {
        this.trial = listen(onAnswer);
        this.onOpen();
        return null;
      },
      ask_trial: ({ id, prompt, targets }: Arguments) => {
        if (!this.trial)
          throw refusal("not_found", "The model is no longer loaded.", { hint: "Load it again." });
        this.asked.push({ id: String(id), prompt: String(prompt), targets: targets as string[] });
        return null;
      },
      cancel_trial: () => null,
      close_trial: () => {
        this.trial = null;
        return null;
      },
    };
  }

  private newId(table: TableName, columns: Row): string {
    const id = `00000000-0000-4000-8000-${String(++this.made).padStart(12, "0")}`;
    const known = Object.entries(columns).filter(([name]) => columnOf(tableOf(table), name));
    const row = { ...Object.fromEntries(known), id };
    this.store.put(table, { ...kept(table, row), changed: new Date().toISOString() });
    return id;
  }

  private planTraining(fields: Row): TrainingPlan {
    const problems: FieldProblem[] = [];
    const refuse = (column: string, message: string) => problems.push({ column, message });
    for (const column of ["base_model_id", "dataset_id", "adapter_name"])
      if (!fields[column])
        refuse(column, `${columnOf(tableOf("fine_tuning_jobs"), column)?.label} is needed.`);
    const name = String(fields.adapter_name ?? "");
    if (name && !/^[A-Za-z0-9-]+$/.test(name)) refuse("adapter_name", "Only letters, digits and dashes.");
    if (name && this.store.holds("adapters", "name", name))
      refuse("adapter_name", `Another adapter is already called '${name}'.`);
    if (!fields.prompt_id && fields.framework_type !== "axolotl") refuse("prompt_id", "Prompt is needed.");
    if (fields.framework_type === "axolotl" && !fields.axolotl_config_id)
      refuse("axolotl_config_id", "Axolotl config is needed.");
    if (this.noPython) refuse("python", this.noPython);
    const text = fields.training_arguments_config;
    const args = { ...defaults, ...(typeof text === "string" ? JSON.parse(text) : {}) };
    if (args.fp16 === true)
      refuse(
        "training_arguments_config",
        "fp16 needs a CUDA device, and this machine has none. Set fp16 to false.",
      );
    if (args.per_device_train_batch_size < 1)
      refuse("training_arguments_config", "per_device_train_batch_size must be at least 1, not 0.");
    if (fields.num_epochs) args.num_train_epochs = fields.num_epochs;
    if (fields.learning_rate) args.learning_rate = fields.learning_rate;
    const total = Math.ceil(300 * Number(fields.dataset_fraction ?? 1));
    const train = Math.floor(total * Number(fields.train_test_split ?? 0.9));
    const lora = typeof fields.lora_config === "string" ? JSON.parse(fields.lora_config) : loraDefaults;
    const batch = Math.max(1, args.per_device_train_batch_size * args.gradient_accumulation_steps);
    const here = Boolean(fields.base_model_id);
    return {
      problems,
      warnings: here
        ? [
            {
              column: "base_model_id",
              message: "google/gemma-3-1b-it is not in the local cache: it is fetched from the hub first.",
            },
          ]
        : [],
      rows: fields.dataset_id ? { total: 300, train, eval: total - train } : null,
      steps: fields.dataset_id ? Math.ceil(train / batch) * Number(args.num_train_epochs ?? 1) : null,
      estimate: here
        ? {
            memory_bytes: 4_100_000_000 + args.max_length * batch * 90_000,
            disk_bytes: 412_000_000,
            rests_on: [
              "1.0 billion parameters at 16 bits, read from the model’s files.",
              `${batch} rows of at most ${args.max_length} tokens at once.`,
              `LoRA of rank ${lora.r} on two projections of each layer.`,
            ],
          }
        : null,
      device: "The processor.",
      quantises: false,
      memory_bytes: 16_800_000_000,
      free_bytes: 214_000_000_000,
      training_arguments: JSON.stringify(args, null, 2),
      lora: JSON.stringify(lora, null, 2),
    };
  }

  private planEvaluation(fields: Row): EvaluationPlan {
    const problems: FieldProblem[] = [];
    const chosen = combinationsOf(fields);
    if (chosen.length === 0)
      problems.push({ column: "base_model_id", message: "Choose at least one model to evaluate." });
    for (const column of ["dataset_id", "prompt_id"])
      if (!fields[column])
        problems.push({
          column,
          message: `${columnOf(tableOf("evaluation_jobs"), column)?.label} is needed.`,
        });
    if (this.noPython) problems.push({ column: "python", message: this.noPython });
    const held = fields.dataset_id ? 30 : null;
    return {
      problems,
      warnings: [],
      held_back: held,
      rows: held && Math.max(1, Math.round(held * Number(fields.eval_dataset_fraction ?? 1))),
      device: "The processor.",
      quantises: false,
      generation:
        typeof fields.generation_config === "string"
          ? fields.generation_config
          : '{\n  "do_sample": false,\n  "max_new_tokens": 60\n}',
    };
  }
}

const defaults = {
  per_device_train_batch_size: 8,
  gradient_accumulation_steps: 1,
  optim: "adamw_torch",
  lr_scheduler_type: "cosine",
  warmup_ratio: 0.03,
  max_grad_norm: 1,
  max_length: 512,
  logging_steps: 1,
  report_to: "mlflow",
};
const loraDefaults = { r: 16, lora_alpha: 32, lora_dropout: 0.05, bias: "none", task_type: "CAUSAL_LM" };

function refuse(problems: FieldProblem[]): void {
  const error: AppError | null = problems[0]
    ? refusal("invalid", problems[0].message, { fields: problems })
    : null;
  if (error) throw error;
}

type Combination = { base_model_id: string; adapter_id: string | null };

function combinationsOf(fields: Row): Combination[] {
  return (fields.model_adapter_combinations ?? []) as unknown as Combination[];
}

/** A wave between -1 and 1 that looks like noise and is the same every time. */
export function wave(at: number): number {
  return Math.sin(at * 12.9898) * Math.cos(at * 4.1414);
}

export function lossAt(step: number, max: number): number {
  return (
    0.22 + 2.9 * Math.exp((-5.5 * step) / max) + (0.05 + 0.35 * Math.exp((-4 * step) / max)) * wave(step)
  );
}

function logPart(log: string, from: number | null, limit: number): LogPart {
  const size = log.length;
  let start = Math.min(from ?? Math.max(0, size - limit), size);
  let text = log.slice(start, start + limit);
  if (from === null && start > 0) {
    const line = text.indexOf("\n") + 1;
    text = text.slice(line);
    start += line;
  }
  if (start + text.length < size) text = text.slice(0, text.lastIndexOf("\n") + 1) || text;
  return { text, start, end: start + text.length, size };
}

function wanted(filter: ResultFilter, { answers }: ResultRow): boolean {
  const right = (answer: ResultRow["answers"][number] | undefined) => answer?.exact_match === 1;
  const [first, last] = [right(answers[0]), right(answers.at(-1))];
  if (filter === "different") return new Set(answers.map((answer) => answer?.output.trim())).size > 1;
  if (filter === "wrong") return answers.some((answer) => answer && !right(answer));
  if (filter === "better") return last && !first;
  if (filter === "worse") return first && !last;
  return true;
}

function leaves(value: JsonValue, path = ""): Map<string, JsonValue> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return new Map([[path, value]]);
  const own = ["id", "output", "tracking", "rows"];
  return new Map(
    Object.entries(value)
      .filter(([name]) => path !== "" || !own.includes(name))
      .flatMap(([name, item]) => [...leaves(item, path ? `${path}.${name}` : name)]),
  );
}
