// What the core answers for pictures in place of a Hub, transfers, exports and an endpoint, which would need a
// network and a model.
import type {
  ExportReport,
  FoundRepository,
  HubAnswer,
  HubResult,
  HubResults,
  RunReport,
  RunState,
  ServedRequest,
  ServingReport,
  Transfer,
} from "../../bindings";
import { gemma } from "../example/rows";

const model = (name: string, billions: number, more: Partial<FoundRepository> = {}): FoundRepository => ({
  kind: "model",
  name,
  task: "text-generation",
  license: "apache-2.0",
  parameters: billions * 1e9,
  precisions: [{ dtype: "BF16", parameters: billions * 1e9 }],
  bytes: billions * 2e9,
  rows: null,
  formats: ["safetensors"],
  base_model: null,
  downloads: 4_812_300,
  likes: 512,
  updated_at: "2026-03-01T10:00:00Z",
  gated: false,
  private: false,
  ...more,
});

const result = (found: FoundRepository, fit: HubResult["fit"], memory: number | null): HubResult => ({
  found,
  fit,
  memory_bytes: memory,
  cached: null,
  row: null,
});

/** Small instruction models, as a search for "instruct" finds them. */
export const models: HubResults = {
  source: "hub",
  answer: null,
  results: [
    result(model("Qwen/Qwen2.5-0.5B-Instruct", 0.494), "fits", 3.4e9),
    result(
      model("google/gemma-3-1b-it", 1, { license: "gemma", gated: true, downloads: 3_204_118 }),
      "fits",
      6.2e9,
    ),
    result(
      model("HuggingFaceTB/SmolLM2-1.7B-Instruct", 1.71, {
        downloads: 812_440,
        base_model: "HuggingFaceTB/SmolLM2-1.7B",
      }),
      "fits",
      9.8e9,
    ),
    result(model("Qwen/Qwen3-4B-Instruct-2507", 4.02, { downloads: 7_105_922 }), "fits_quantized", 7.9e9),
    result(
      model("ada/tickets-intent", 0.0015, {
        kind: "adapter",
        license: "mit",
        formats: ["peft"],
        parameters: null,
        precisions: [],
        bytes: null,
        downloads: 41,
        private: true,
        base_model: "google/gemma-3-1b-it",
      }),
      null,
      null,
    ),
    result(
      model("bartowski/Llama-3.2-3B-Instruct-GGUF", 3.2, {
        license: "llama3.2",
        formats: ["gguf"],
        precisions: [],
        bytes: null,
        downloads: 402_663,
      }),
      null,
      null,
    ),
    result(
      model("Qwen/Qwen2.5-72B-Instruct", 72.7, { license: "other", downloads: 655_121 }),
      "too_large",
      53e9,
    ),
  ],
  next: "2",
  memory: {
    device: "The processor",
    bytes: 16_700_000_000,
    on_cpu: true,
    quantizes: false,
    most_parameters: 2_900_000_000,
  },
};

/** What the Hub says of a model that is opened. */
export const opened: HubAnswer = {
  standing: "found",
  message: "HuggingFaceTB/SmolLM2-1.7B-Instruct is on the Hub.",
  hint: null,
  facts: {
    name: "HuggingFaceTB/SmolLM2-1.7B-Instruct",
    revision: "5d1f8b0c2a7e4f6d9c3b1a0e8f7d6c5b4a392817",
    private: false,
    gated: false,
    description: null,
    license: "apache-2.0",
    bytes: 3_450_000_000,
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    parameters: 1.71e9,
    precisions: [],
    base_model: "HuggingFaceTB/SmolLM2-1.7B",
    adapter: false,
    subset: null,
    columns: null,
    splits: [],
  },
};

const transfer = (of: Partial<Transfer> & Pick<Transfer, "id" | "name" | "state">): Transfer => ({
  kind: "model",
  revision: null,
  run: null,
  commit: null,
  bytes: 0,
  total: null,
  files: 0,
  of_files: null,
  rate: null,
  seconds_left: null,
  code: null,
  message: null,
  hint: null,
  fetched: null,
  created_at: "2026-03-02T09:12:00Z",
  started_at: null,
  ended_at: null,
  ...of,
});

/** One transfer in each state. */
export const transfers: Transfer[] = [
  transfer({
    id: "1",
    name: "Qwen/Qwen3-4B-Instruct-2507",
    state: "running",
    bytes: 3_412_000_000,
    total: 8_061_000_000,
    files: 7,
    of_files: 12,
    rate: 41_200_000,
    seconds_left: 113,
    started_at: "2026-03-02T09:12:00Z",
  }),
  transfer({
    id: "2",
    kind: "dataset",
    name: "HuggingFaceH4/ultrafeedback_binarized",
    part: { config: "default", split: "train_prefs" },
    state: "paused",
    bytes: 121_000_000,
    total: 226_000_000,
    files: 0,
    of_files: 1,
  }),
  transfer({ id: "3", name: "HuggingFaceTB/SmolLM2-1.7B-Instruct", state: "queued", revision: "v0.2" }),
  transfer({
    id: "4",
    name: "google/gemma-3-1b-it",
    state: "failed",
    code: "invalid",
    message: "Access to google/gemma-3-1b-it must be requested on its page.",
    hint: "Request it there, and set the token of that account in the settings.",
    ended_at: "2026-03-02T09:02:00Z",
  }),
  transfer({
    id: "5",
    kind: "adapter",
    name: "ada/tickets-intent",
    state: "done",
    bytes: 6_100_000,
    total: 6_100_000,
    files: 3,
    of_files: 3,
    ended_at: "2026-03-02T08:47:00Z",
    fetched: {
      kind: "adapter",
      name: "ada/tickets-intent",
      revision: "5d1f8b0c2a7e4f6d9c3b1a0e8f7d6c5b4a392817",
      folder: "/home/ada/.cache/huggingface/hub/models--ada--tickets-intent/snapshots/5d1f8b0c",
      files: 3,
      bytes: 6_100_000,
      received: 6_100_000,
      left_out: ["optimizer.pt"],
    },
  }),
  transfer({
    id: "6",
    name: "Qwen/Qwen2.5-72B-Instruct",
    state: "cancelled",
    ended_at: "2026-03-01T18:30:00Z",
  }),
];

const asked = (number: number, of: Partial<ServedRequest>): ServedRequest => ({
  number,
  time: `2026-03-02T09:${String(10 + number).padStart(2, "0")}:07Z`,
  path: "chat/completions",
  model: "tickets-intent",
  stream: true,
  state: "done",
  status: 200,
  input_tokens: 48 + number * 7,
  output_tokens: 9 + number,
  finish_reason: "stop",
  waited: 0.002,
  first_text: 0.21 + number / 100,
  seconds: 0.84 + number / 20,
  error: null,
  ...of,
});

/** A model and an adapter that are asked by other programs. */
export const serving: ServingReport = {
  request: { model_id: gemma, port: 8321 },
  url: "http://127.0.0.1:8321/v1",
  models: [
    { name: "google/gemma-3-1b-it", adapter_id: null },
    { name: "tickets-intent", adapter_id: "a1" },
  ],
  state: { is: "ready" },
  warning: null,
  requests: [
    asked(6, {
      state: "waiting",
      status: null,
      output_tokens: null,
      finish_reason: null,
      waited: null,
      first_text: null,
      seconds: null,
    }),
    asked(5, { state: "answering", output_tokens: 4, finish_reason: null, seconds: null }),
    asked(4, {
      state: "failed",
      status: 404,
      model: "gpt-4o",
      input_tokens: null,
      output_tokens: null,
      first_text: null,
      seconds: 0.001,
      error: "The model gpt-4o is not served here. Ask for google/gemma-3-1b-it or tickets-intent.",
    }),
    asked(3, { state: "cancelled", output_tokens: 12 }),
    asked(2, {
      model: "google/gemma-3-1b-it",
      path: "completions",
      stream: false,
      finish_reason: "length",
      output_tokens: 256,
      seconds: 19.4,
    }),
    asked(1, {}),
  ],
};

const folder = "/home/ada/models/tickets-intent-merged";

/** What came of a merge. */
export const merged: ExportReport = {
  way: "merge",
  output: folder,
  bytes: 2_003_000_000,
  files: [
    { path: "model.safetensors", bytes: 1_999_811_208, sha256: "9b1f6c02".repeat(8) },
    { path: "tokenizer.json", bytes: 33_384_568, sha256: "4d0a77e3".repeat(8) },
    { path: "config.json", bytes: 899, sha256: "c6e5a911".repeat(8) },
  ],
  checks: [
    {
      name: "logits",
      passed: true,
      value: 0.0117,
      limit: 0.121,
      text: "The merged model answers as base model and adapter do: the largest difference of logits is 0.0117 on 8 texts.",
    },
  ],
  notes: [],
  facts: { adapter_effect: 2.43, precision: "bfloat16", layers_merged: 104 },
};

/** What its worker prints. */
export const log = [
  "Loading google/gemma-3-1b-it",
  "Merging 104 layers",
  "Writing model.safetensors",
  "Loading what was written",
  "Comparing on 8 texts",
  "",
];

/** The report of a run that merges an adapter, in a state. `run` is that of any run. */
export function merging(run: RunReport, state: RunState): RunReport {
  const live = state === "running";
  const failed = state === "failed";
  return {
    ...run,
    jobs: [],
    specification: null,
    transfers: [],
    run: {
      ...run.run,
      kind: "export",
      name: "tickets-intent merged",
      state,
      ended_at: live ? null : (run.run.ended_at ?? new Date().toISOString()),
      note: failed ? "The disk of /home/ada/models is full: 1.2 GB more are needed." : null,
      hint: failed ? "Make room there or choose another folder, then retry." : null,
    },
    account: {
      ...run.account,
      status: live ? "writing" : null,
      message: live ? "Writing the merged model" : null,
      step: 0,
      max_steps: null,
      epoch: null,
      seconds_left: null,
      estimate: null,
      series: [],
      checkpoints: [],
      facts: {},
      tracked: [],
      notes: [],
      combinations: [],
      adapter: null,
      work: live ? { done: 812_000_000, total: 2_003_000_000, unit: "bytes" } : null,
      report: live || failed ? null : merged,
      output: live || failed ? null : folder,
    },
    export: {
      version: 1,
      kind: "export",
      id: run.run.id,
      name: "tickets-intent merged",
      model: { id: gemma, name: "Gemma 3 1B", source: "google/gemma-3-1b-it" },
      adapter: { id: "a1", name: "tickets-intent", source: "/home/ada/adapters/tickets-intent" },
      to: folder,
      samples: [],
      seed: 42,
      way: "merge",
      settings: { precision: null, shard_size: 5e9, register: true },
    },
  };
}
