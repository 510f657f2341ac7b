// Folders with models and adapters, and the hub's cache, as the fake has them.
import type {
  AdapterFacts,
  AdapterReport,
  Cached,
  HubCache,
  ModelFacts,
  ModelReport,
  Place,
  PlaceState,
} from "../../bindings";
import { type FakeStore, refusal } from "./store";

const GB = 1_000_000_000;
const commit = "5d1f8b0c2a7e4f6d9c3b1a0e8f7d6c5b4a392817";

export const qwen: ModelFacts = {
  architectures: ["Qwen2ForCausalLM"],
  model_type: "qwen2",
  parameters: 494_032_768,
  precisions: [{ dtype: "BF16", parameters: 494_032_768 }],
  quantization: null,
  context_length: 32_768,
  vocabulary: 151_936,
  layers: 24,
  hidden_size: 896,
  bytes: 0.998 * GB,
  tokenizer: true,
  chat_template: true,
  missing: [],
  problems: [],
  unread: null,
};

export const lora: AdapterFacts = {
  peft_type: "LORA",
  task_type: "CAUSAL_LM",
  rank: 16,
  alpha: 32,
  dropout: 0.05,
  target_modules: ["q_proj", "k_proj", "v_proj", "o_proj"],
  bias: "none",
  base_model: "google/gemma-3-1b-it",
  parameters: 3_727_360,
  precisions: [{ dtype: "F32", parameters: 3_727_360 }],
  bytes: 14_930_000,
  missing: [],
  problems: [],
  unread: null,
};

type Folder = { model: ModelFacts } | { adapter: AdapterFacts };

/** What is on the disk of the fake's person. */
export class FakeWeights {
  readonly folders = new Map<string, Folder>([
    ["/home/ada/models/qwen", { model: qwen }],
    ["/home/ada/adapters/tickets-intent", { adapter: lora }],
    ["/home/ada/adapters/sql", { adapter: { ...lora, base_model: "Qwen/Qwen2.5-0.5B", rank: 8 } }],
  ]);
  readonly cache: Cached[] = [
    cached("model", "Qwen/Qwen2.5-0.5B-Instruct", 0.998 * GB, "2026-11-23T08:12:00Z"),
    cached("model", "google/gemma-3-1b-it", 2.02 * GB, "2026-11-20T16:40:00Z"),
    cached("adapter", "ada/sql-lora", 14_930_000, "2026-11-18T09:05:00Z"),
    cached("dataset", "rajpurkar/squad", 16_300_000, "2026-10-02T11:30:00Z"),
  ];

  constructor(private readonly store: FakeStore) {
    const folder = this.cache[0]?.folder ?? "";
    this.folders.set(folder, { model: qwen });
  }

  inspect(folder: string) {
    const found = this.folders.get(folder);
    if (!found) throw refusal("invalid", `${folder} holds neither a model nor an adapter.`);
    return "model" in found ? { is: "model", ...found.model } : { is: "adapter", ...found.adapter };
  }

  model(source: string): ModelReport {
    const row = this.store.has("models", source) ? this.store.get("models", source).row : null;
    const { place, found } = this.look(row, row?.huggingface_model_name, source);
    return { place, facts: found && "model" in found ? found.model : null };
  }

  adapter(source: string, model: string | null): AdapterReport {
    const row = this.store.has("adapters", source) ? this.store.get("adapters", source).row : null;
    const { place, found } = this.look(row, row?.huggingface_name, source);
    const facts = found && "adapter" in found ? found.adapter : null;
    const query = { search: null, sort: null, filters: [], offset: 0, limit: 100 };
    const bases = this.store
      .list("models", query)
      .rows.filter((one) => facts && one.row.huggingface_model_name === facts.base_model)
      .map((one) => ({ id: String(one.row.id), label: one.label }));
    const chosen = String(model ?? row?.model_id ?? "");
    const other = facts && this.store.has("models", chosen) && !bases.some(({ id }) => id === chosen);
    const misfits = other
      ? [
          `The adapter says that it was trained on ${facts.base_model}, not on ${this.store.get("models", chosen).label}.`,
        ]
      : [];
    return { place, facts, bases, misfits };
  }

  listing(): HubCache {
    const registered: Record<string, string> = {};
    for (const { kind, name, folder } of this.cache) {
      const table = `${kind}s` as const;
      const column = kind === "model" ? "huggingface_model_name" : "huggingface_name";
      const query = { search: null, sort: null, filters: [{ column, value: name }], offset: 0, limit: 1 };
      const row = this.store.list(table, query).rows[0];
      if (row) registered[folder] = String(row.row.id);
    }
    return { folder: "/home/ada/.cache/huggingface/hub", repositories: this.cache, registered };
  }

  private look(row: Record<string, unknown> | null, name: unknown, source: string) {
    if (row?.type === "model_registry")
      return { place: at("registry", "In the registry, which is not asked from here."), found: null };
    const onHub = row?.type === "huggingface";
    const cached = onHub && this.cache.find((one) => one.name === name);
    if (onHub && !cached)
      return { place: at("hub", "On the hub; nothing of it is in the local cache."), found: null };
    const folder = cached ? cached.folder : String(row ? row.location : source);
    const found = this.folders.get(folder) ?? null;
    if (cached)
      return { place: { ...at("there", "In the local cache of the hub.", folder), cached: true }, found };
    return found
      ? { place: at("there", "The folder exists.", folder), found }
      : { place: at("missing", `The folder ${folder} is not there.`, folder), found };
  }
}

function at(state: PlaceState, message: string, folder: string | null = null): Place {
  return { state, folder, cached: false, message };
}

function cached(kind: Cached["kind"], name: string, bytes: number, last_used: string): Cached {
  const folder = `/home/ada/.cache/huggingface/hub/${kind === "dataset" ? "datasets" : "models"}--${name.replace("/", "--")}/snapshots/${commit}`;
  return { kind, name, revision: commit, folder, bytes, last_used };
}

type Arguments = Record<string, unknown>;

export function weightsCommands(weights: FakeWeights) {
  return {
    inspect_folder: ({ folder }: Arguments) => weights.inspect(String(folder)),
    model_facts: ({ source }: Arguments) => weights.model(String(source)),
    adapter_facts: ({ source, model }: Arguments) =>
      weights.adapter(String(source), typeof model === "string" ? model : null),
    hub_cache: () => weights.listing(),
  };
}
