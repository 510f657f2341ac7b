// The files of the example: small ones, as other programs write them.
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A message of a customer, and what it is about. */
const WISHES: [string, string][] = [
  ["Please cancel my ticket for the derby.", "cancel_ticket"],
  ["Can I get a better seat for the opera, “near the stage” if possible?", "upgrade_ticket"],
  ["When is la fête?\nAnd where?", "find_event"],
  ["The night was called off, how do I get my money back?", "refund"],
  ["", "none"],
];

/** How many rows the tickets have. */
export const TICKETS = 300;

/** Writes the files into a folder. */
export function writeFiles(ada: string): void {
  const tickets = Array.from({ length: TICKETS }, (_, n) => WISHES[n % WISHES.length] ?? []);
  write(join(ada, "data/support-tickets.csv"), csv([["instruction", "intent"], ...tickets]));
  writeModel(join(ada, "models/qwen"));
  writeAdapter(join(ada, "adapters/tickets-intent"), "google/gemma-3-1b-it");
  writeAdapter(join(ada, "adapters/sql"), "Qwen/Qwen2.5-0.5B", 8);
}

/** Writes repositories into a cache of the Hub, the way its libraries do. */
export function writeHubCache(cache: string): void {
  const commit = "5d1f8b0c2a7e4f6d9c3b1a0e8f7d6c5b4a392817";
  const snapshot = (kind: string, name: string) => {
    const folder = join(cache, `${kind}--${name.replace("/", "--")}`);
    write(join(folder, "refs/main"), commit);
    return join(folder, "snapshots", commit);
  };
  writeModel(snapshot("models", "Qwen/Qwen2.5-0.5B-Instruct"));
  writeModel(snapshot("models", "google/gemma-3-1b-it"));
  writeAdapter(snapshot("models", "ada/sql-lora"), "Qwen/Qwen2.5-0.5B", 8);
  write(join(snapshot("datasets", "rajpurkar/squad"), "README.md"), "# Questions about texts\n");
}

/** Writes a file, and its folder if need be. */
export function write(path: string, contents: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
  return path;
}

export function csv(rows: string[][]): string {
  const quoted = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

/** A model with one narrow layer, which has all that a large one says of itself. */
export function writeModel(folder: string): void {
  const config = {
    architectures: ["Qwen2ForCausalLM"],
    model_type: "qwen2",
    max_position_embeddings: 32_768,
    num_hidden_layers: 1,
    hidden_size: 4,
    vocab_size: 6,
    torch_dtype: "bfloat16",
  };
  write(join(folder, "config.json"), JSON.stringify(config));
  const tensors = {
    "model.embed_tokens.weight": [6, 4],
    "model.layers.0.self_attn.q_proj.weight": [4, 4],
    "model.layers.0.self_attn.k_proj.weight": [4, 4],
    "model.layers.0.self_attn.v_proj.weight": [4, 4],
    "model.layers.0.self_attn.o_proj.weight": [4, 4],
  };
  writeZeros(join(folder, "model.safetensors"), tensors);
}

/** A LoRA adapter for such a model. */
export function writeAdapter(folder: string, base: string, rank = 16): void {
  const config = {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    r: rank,
    lora_alpha: 2 * rank,
    lora_dropout: 0.05,
    bias: "none",
    target_modules: ["q_proj", "k_proj", "v_proj", "o_proj"],
    base_model_name_or_path: base,
  };
  write(join(folder, "adapter_config.json"), JSON.stringify(config));
  const tensors = {
    "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight": [rank, 4],
    "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight": [4, rank],
  };
  writeZeros(join(folder, "adapter_model.safetensors"), tensors);
}

/** The header of a safetensors file of 16-bit numbers with its length before it, and the bytes that follow it. */
function safetensors(shapes: Record<string, number[]>): { header: Uint8Array; bytes: number } {
  let end = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const start = end;
    end += 2 * shape.reduce((product, side) => product * side, 1);
    return [name, { dtype: "BF16", shape, data_offsets: [start, end] }];
  });
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const header = new Uint8Array(8 + text.length);
  new DataView(header.buffer).setBigUint64(0, BigInt(text.length), true);
  header.set(text, 8);
  return { header, bytes: end };
}

/** Writes a safetensors file of zeros, which take no room on disk. */
export function writeZeros(path: string, shapes: Record<string, number[]>): void {
  const { header, bytes } = safetensors(shapes);
  truncateSync(write(path, header), header.length + bytes);
}
