// Runs to look at: an example of each state, or very many.
import type { JsonValue, ResultRow } from "../../bindings";
import { kept } from "./fillings";
import { emptyAccount, type FakeRuns, wave } from "./runs";
import type { FakeStore } from "./store";

export const ids = {
  done: "e5f6a7b8-c9d0-4e1f-a2b3-c4d5e6f7a855",
  running: "0a1b2c3d-0001-4000-8000-000000000001",
  failed: "0a1b2c3d-0002-4000-8000-000000000002",
  queued: "0a1b2c3d-0003-4000-8000-000000000003",
  waiting: "0a1b2c3d-0004-4000-8000-000000000004",
  evaluation: "0a1b2c3d-0005-4000-8000-000000000005",
};

const gemma = "8a8e6c1b-44a2-4f0c-8a3d-3d2f5a0b9c22";
const tickets = "3f1c2f7e-5b0a-4c1e-9d55-0d5f0c3c7a11";
const intent = "c0de1f3a-2b6d-4f7e-b1c2-9a8b7c6d5e33";
const adapter = "d1e2f3a4-b5c6-4d7e-8f90-a1b2c3d4e544";
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function specification(name: string, id: string, changes: { rate?: number; r?: number } = {}): JsonValue {
  return {
    version: 1,
    id,
    name,
    dataset: { id: tickets, name: "Support tickets", path: "/home/ada/data/support-tickets.csv" },
    prompt: {
      id: intent,
      name: "Classify a ticket",
      input_template: "<instruction>{instruction}</instruction>\n<intent>",
      completion_template: "{intent}</intent>",
      training_template: null,
    },
    seed: 42,
    tracking: { uri: "sqlite:////home/ada/mlflow.db", experiment: id },
    selection: { dataset_fraction: 1, train_test_split: 0.9, sample: null, features: [] },
    rows: { train: 270, eval: 30 },
    kind: "training",
    framework: "legacy",
    model: { id: gemma, name: "Gemma 3 1B", source: "google/gemma-3-1b-it" },
    training_arguments: {
      per_device_train_batch_size: 4,
      gradient_accumulation_steps: 1,
      optim: "adamw_torch",
      lr_scheduler_type: "cosine",
      warmup_ratio: 0.03,
      max_length: 512,
      num_train_epochs: 3,
      learning_rate: changes.rate ?? 0.0002,
      save_steps: 50,
    },
    lora: { r: changes.r ?? 16, lora_alpha: 2 * (changes.r ?? 16), lora_dropout: 0.05, bias: "none" },
    quantization: null,
    output: {
      adapter: `/home/ada/studio-runs/${id}/output/adapter`,
      checkpoints: `/home/ada/studio-runs/${id}/output/checkpoints`,
    },
    adapter: { name, register: true },
  };
}

const facts = {
  device: "cpu",
  device_name: "AMD EPYC, 8 threads",
  parameters: 999_885_952,
  trainable_parameters: 1_490_944,
  versions: { torch: "2.9.1", transformers: "5.0.0", peft: "0.18.1", trl: "0.26.2" },
};

const START = [
  "Loading the libraries",
  "Loading google/gemma-3-1b-it",
  "trainable params: 1,490,944 || all params: 999,885,952 || trainable%: 0.1491",
  "",
].join("\n");

/** What all trainings here have in common. */
const onTickets = (name: string) => ({
  base_model_id: gemma,
  dataset_id: tickets,
  prompt_id: intent,
  adapter_name: name,
  framework_type: "legacy",
});

/** One of each: succeeded, running, failed, queued, and an evaluation of base and adapter. */
export function exampleRuns(store: FakeStore, runs: FakeRuns): void {
  const job = (id: string, name: string, minutes: number) =>
    store.put(
      "fine_tuning_jobs",
      kept(
        "fine_tuning_jobs",
        {
          id,
          ...onTickets(name),
          num_epochs: 3,
          learning_rate: 0.0002,
          num_workers: 1,
          num_cpu: 2,
          num_gpu: 0,
          num_memory: 8,
          dataset_fraction: 1,
          train_test_split: 0.9,
          lora_config: '{"r": 16, "lora_alpha": 32}',
        },
        minutes,
      ),
    );
  const training = (id: string, name: string, run: Parameters<FakeRuns["add"]>[0], max: number | null) =>
    runs.add(run, {
      specification: specification(name, id, id === ids.failed ? { rate: 0.02, r: 64 } : {}),
      account: { ...emptyAccount(), max_steps: max, facts },
      log: START,
    });

  const done = training(
    ids.done,
    "tickets-intent",
    {
      id: ids.done,
      kind: "training",
      name: "tickets-intent",
      state: "running",
      created_at: ago(190),
      started_at: ago(188),
    },
    204,
  );
  runs.advance(ids.done, 204);
  Object.assign(done.run, { ended_at: ago(180), note: null });
  store.update("fine_tuning_jobs", ids.done, {
    adapter_id: adapter,
    lora_config: '{"r": 16, "lora_alpha": 32}',
  });
  done.account.status = "saving";
  done.account.adapter = "/home/ada/adapters/tickets-intent";
  done.account.tracked = [
    {
      job: null,
      uri: "sqlite:////home/ada/mlflow.db",
      experiment_id: "3",
      run_id: "9f3c0a1b7d5e4f60a1b2c3d4e5f60718",
    },
  ];
  done.account.notes = [{ warning: false, text: "The padding token is the tokenizer’s own, <pad>." }];

  job(ids.failed, "tickets-hot", 170);
  training(
    ids.failed,
    "tickets-hot",
    {
      id: ids.failed,
      kind: "training",
      name: "tickets-hot",
      state: "running",
      created_at: ago(170),
      started_at: ago(169),
    },
    204,
  );
  runs.advance(ids.failed, 74);
  const failed = runs.find(ids.failed);
  for (const point of failed.account.series.find(({ name }) => name === "loss")?.points ?? [])
    point.value = (point.value ?? 0) * 0.8 + (point.step / 40) ** 2 * (1 + 0.2 * wave(point.step));
  failed.log += "RuntimeError: DataLoader worker is killed by signal: Killed.\n";
  runs.end(
    ids.failed,
    "failed",
    "The machine ran out of memory at step 74.",
    "Use a smaller batch or fewer tokens a row, then retry: it goes on from step 50.",
  );
  failed.run.ended_at = ago(166);

  job(ids.running, "tickets-intent-2", 3);
  training(
    ids.running,
    "tickets-intent-2",
    {
      id: ids.running,
      kind: "training",
      name: "tickets-intent-2",
      state: "running",
      created_at: ago(4),
      started_at: ago(3),
      place: 1,
    },
    204,
  );
  const running = runs.find(ids.running);
  running.account.status = "training";
  running.account.message = "Training";
  runs.advance(ids.running, 88);

  for (const [id, name, place] of [
    [ids.queued, "tickets-rank-32", 2],
    [ids.waiting, "tickets-long", 3],
  ] as const) {
    job(id, name, 1);
    training(id, name, { id, kind: "training", name, state: "queued", created_at: ago(2), place }, null);
  }
  evaluation(store, runs, 30);
}

const wishes: [string, string][] = [
  ["Please cancel my ticket for the derby.", "cancel_ticket"],
  ["Can I get a better seat for the opera, near the stage if possible?", "upgrade_ticket"],
  ["When is the street festival, and where does it start?", "find_event"],
  ["The night was called off, how do I get my money back?", "get_refund"],
  ["I would like to sell the two tickets I bought on Monday.", "sell_ticket"],
  ["Where can I find the invoice of my last order?", "find_invoice"],
];

export function evaluation(store: FakeStore, runs: FakeRuns, count: number): void {
  for (const [id, of] of [
    ["ev01", null],
    ["ev02", adapter],
  ] as const)
    store.put(
      "evaluation_jobs",
      kept(
        "evaluation_jobs",
        {
          id,
          type: "mlflow",
          parent_job_id: ids.evaluation,
          base_model_id: gemma,
          adapter_id: of,
          dataset_id: tickets,
          prompt_id: intent,
          num_workers: 1,
          num_cpu: 2,
          num_gpu: 0,
          num_memory: 8,
        },
        120,
      ),
    );
  const rows = Array.from({ length: count }, (_, at): ResultRow => {
    const [wish, answer] = wishes[at % wishes.length] ?? ["", ""];
    const base = at % 4 === 1 ? answer : answer.replace("_", " ").replace("ticket", "the ticket for you");
    const tuned = at % 9 === 5 ? "find_event" : at % 13 === 1 ? `${answer}s` : answer;
    const said = (output: string, latency: number) => {
      const right = output === answer;
      return {
        output,
        exact_match: right ? 1 : 0,
        rouge1: right ? 1 : 0.4 + 0.1 * wave(at),
        rougeL: right ? 1 : 0.35 + 0.1 * wave(at),
        latency,
        output_tokens: Math.ceil(output.length / 4),
      };
    };
    return {
      row: at * 10 + 7,
      prompt: `<instruction>${wish}</instruction>\n<intent>`,
      expected: answer,
      features: { instruction: wish },
      answers: [said(base, 0.31 + 0.05 * wave(at)), said(tuned, 0.34 + 0.05 * wave(at + 1))],
    };
  });
  const share = (at: number) => rows.filter(({ answers }) => answers[at]?.exact_match === 1).length / count;
  const metrics = (at: number, rouge: number, latency: number) => ({
    "exact_match/v1": share(at),
    "rouge1/v1/mean": rouge,
    "rougeL/v1/mean": rouge - 0.01,
    "rougeLsum/v1/mean": rouge - 0.01,
    "latency/mean": latency,
  });
  runs.add(
    {
      id: ids.evaluation,
      kind: "evaluation",
      name: "Gemma 3 1B and tickets-intent on Support tickets",
      state: "succeeded",
      created_at: ago(121),
      started_at: ago(120),
      ended_at: ago(118),
    },
    {
      jobs: ["ev01", "ev02"],
      log: "Loading google/gemma-3-1b-it\n30 of 30 answered\n",
      account: {
        ...emptyAccount(),
        facts,
        combinations: [
          { job: "ev01", status: "scored", done: count, total: count, metrics: metrics(0, 0.512, 0.313) },
          { job: "ev02", status: "scored", done: count, total: count, metrics: metrics(1, 0.914, 0.338) },
        ],
      },
      specification: {
        version: 1,
        id: ids.evaluation,
        name: "Gemma 3 1B and tickets-intent on Support tickets",
        kind: "evaluation",
        dataset: { id: tickets, name: "Support tickets", path: "/home/ada/data/support-tickets.csv" },
        prompt: { id: intent, name: "Classify a ticket" },
        generation: { do_sample: false, max_new_tokens: 60 },
        batch_size: 8,
        seed: 42,
      },
      results: {
        combinations: [
          { job: "ev01", model: "Gemma 3 1B", adapter: null, folder: "/home/ada/studio-runs/e/ev01" },
          {
            job: "ev02",
            model: "Gemma 3 1B",
            adapter: "tickets-intent",
            folder: "/home/ada/studio-runs/e/ev02",
          },
        ],
        rows,
      },
    },
  );
}

/** Very many runs that are over, and an evaluation of very many rows. */
export function manyRuns(store: FakeStore, runs: FakeRuns, count: number): void {
  for (let n = 1; n <= count; n++) {
    const id = `run-${n}`;
    const name = `sweep-${String(n).padStart(5, "0")}`;
    store.put(
      "fine_tuning_jobs",
      kept(
        "fine_tuning_jobs",
        {
          id,
          ...onTickets(name),
          num_epochs: 1 + (n % 4),
          learning_rate: Number((1e-5 * (1 + (n % 40))).toPrecision(2)),
        },
        n * 9,
      ),
    );
    const { account } = runs.add(
      {
        id,
        kind: "training",
        name,
        state: n % 11 === 0 ? "failed" : n % 17 === 0 ? "stopped" : "succeeded",
        created_at: ago(n * 9 + 300),
        started_at: ago(n * 9 + 299),
        ended_at: ago(n * 9 + 280),
      },
      { specification: specification(name, id, { rate: Number((1e-5 * (1 + (n % 40))).toPrecision(2)) }) },
    );
    account.step = account.max_steps = 120;
    account.series = [{ name: "loss", points: [{ step: 120, value: 0.3 + 0.1 * wave(n) }] }];
  }
  const found = runs.find(ids.evaluation);
  const rows = found.results?.rows ?? [];
  if (found.results)
    found.results.rows = Array.from({ length: count }, (_, at) => ({
      ...(rows[at % rows.length] as ResultRow),
      row: at + 1,
    }));
}

/** Time passes: what runs goes on, what was asked of a loaded model is answered. */
export function goOn(runs: FakeRuns): void {
  let answered = 0;
  runs.onOpen = () => {
    setTimeout(
      () => runs.answer({ answer: "status", status: "model", message: "Loading google/gemma-3-1b-it" }),
      100,
    );
    setTimeout(() => runs.answer({ answer: "status", status: "ready", message: "Ready" }), 900);
  };
  setInterval(() => {
    for (const { run } of [...runs.all]) {
      if (run.state === "stopping") runs.end(run.id, "stopped", "You stopped it.");
      else if (run.state === "running" && run.kind === "training") runs.advance(run.id);
    }
    const going = runs.all.some(({ run }) => run.state === "running" || run.state === "stopping");
    const next = runs.all
      .filter(({ run }) => run.state === "queued" && run.kind === "training")
      .toSorted((a, b) => a.run.place - b.run.place)[0];
    if (!going && next && !runs.rule.paused) {
      Object.assign(next.run, { state: "running", started_at: new Date().toISOString() });
      next.account.message = "Training";
      next.account.max_steps = 204;
    }
  }, 1400);
  setInterval(() => {
    const question = runs.asked[answered];
    if (!question) return;
    answered++;
    const { id, targets } = question;
    targets.forEach((target, at) => {
      const text =
        target === "base" ? "The customer wants to cancel a ticket for the derby" : "cancel_ticket</intent>";
      const words = text.split(/(?<= )/);
      words.forEach((word, n) => {
        setTimeout(() => runs.answer({ answer: "text", id, target, text: word }), 500 * at + 60 * n);
      });
      setTimeout(
        () =>
          runs.answer({
            answer: "done",
            id,
            target,
            input_tokens: 22,
            output_tokens: words.length,
            latency: 0.06 * words.length,
            cancelled: false,
          }),
        500 * at + 60 * words.length,
      );
    });
    setTimeout(() => runs.answer({ answer: "finished", id }), 500 * targets.length + 700);
  }, 200);
}
