// More files for the example: conversations, pairs of answers, and a model with a chat template and a tokenizer.
import { join } from "node:path";
import { csv, write, writeZeros } from "./files";

type Message = { role: string; content: string };

/** A question, and how it is answered well and badly. */
const ANSWERS: [question: string, good: string, bad: string][] = [
  [
    "My parcel is late, what can I do?",
    "I am sorry that you have to wait. Open “My orders”, choose the order, and press “Where is it?”. If the page has shown the same place for three days, we send the order again at no cost.",
    "Wait a little longer, it will come.",
  ],
  [
    "The cup arrived broken. Do I have to send it back?",
    "No, please keep it. Send us a photo of the cup, and a new one is on its way the same day.",
    "Returns are possible within 14 days.",
  ],
  [
    "Can I still change the address of order 4711?",
    "Yes, until the parcel leaves us at five o’clock. Open the order, press “Change the address”, and you get a new confirmation by mail.",
    "You should have checked the address before you ordered.",
  ],
  [
    "Does the blue lamp come with a bulb?",
    "It does: a warm white LED with 8 watts, which you can replace with any other bulb that has an E27 base.",
    "I think so.",
  ],
];

const FOLLOW_UPS: [question: string, answer: string][] = [
  [
    "And how long does that take?",
    "Two days as a rule, three before a holiday. You get a message when it leaves us.",
  ],
  ["Thank you, that is all.", "You are welcome. Have a good day!"],
];

const at = <Item>(items: Item[], index: number): Item => items[index % items.length] as Item;

/** Writes conversations, some with a second question and a few that can't be trained on. */
export function writeChats(folder: string): string {
  const rows = Array.from({ length: 2_400 }, (_, row) => {
    const [question, answer] = at(ANSWERS, row);
    const messages: Message[] = [
      { role: "user", content: row < 4 ? question : `${question} (order ${4000 + row})` },
      { role: "assistant", content: row % 500 === 6 ? "" : answer },
    ];
    if (row % 3 === 0) {
      const [more, then] = at(FOLLOW_UPS, row / 3);
      messages.push({ role: "user", content: more }, { role: "assistant", content: then });
    }
    return { messages };
  });
  return write(join(folder, "chats.jsonl"), lines([...rows, rows[211], rows[967]]));
}

/** Writes pairs of a better and a worse answer. */
export function writePreferences(folder: string): string {
  const rows = Array.from({ length: 600 }, (_, row) => {
    const [question, chosen, rejected] = at(ANSWERS, row);
    return { prompt: row < 4 ? question : `${question} (order ${4000 + row})`, chosen, rejected };
  });
  return write(join(folder, "preferred-answers.jsonl"), lines(rows));
}

/** Writes reviews with the number of their stars. */
export function writeReviews(folder: string): string {
  const rows = Array.from({ length: 180 }, (_, row) => {
    const [question] = at(ANSWERS, row);
    return [`2026-05-${String((row % 31) + 1).padStart(2, "0")}`, question, String((row % 5) + 1)];
  });
  return write(join(folder, "reviews-of-may.csv"), csv([["day", "review", "stars"], ...rows]));
}

const TEMPLATE = `{%- for message in messages -%}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% endif -%}`;

/** The shapes of Qwen2.5 0.5B. */
const SIZES = { layers: 24, hidden: 896, inner: 4864, keys: 128, vocabulary: 151_936 };

/** Writes a model of half a billion zeros, which take no room on disk, with a tokenizer of words and signs. */
export function writeInstructModel(folder: string): void {
  const { layers, hidden, inner, keys, vocabulary } = SIZES;
  const layer = (at: number): [string, number[]][] =>
    Object.entries({
      "self_attn.q_proj": [hidden, hidden],
      "self_attn.k_proj": [keys, hidden],
      "self_attn.v_proj": [keys, hidden],
      "self_attn.o_proj": [hidden, hidden],
      "mlp.gate_proj": [inner, hidden],
      "mlp.up_proj": [inner, hidden],
      "mlp.down_proj": [hidden, inner],
    }).map(([name, shape]) => [`model.layers.${at}.${name}.weight`, shape]);
  const shapes = Object.fromEntries([
    ["model.embed_tokens.weight", [vocabulary, hidden]],
    ...Array.from({ length: layers }, (_, at) => layer(at)).flat(),
  ]);
  writeZeros(join(folder, "model.safetensors"), shapes);
  const config = {
    architectures: ["Qwen2ForCausalLM"],
    model_type: "qwen2",
    max_position_embeddings: 32_768,
    num_hidden_layers: layers,
    hidden_size: hidden,
    intermediate_size: inner,
    num_attention_heads: 14,
    num_key_value_heads: 2,
    vocab_size: vocabulary,
    tie_word_embeddings: true,
    torch_dtype: "bfloat16",
    eos_token_id: 2,
  };
  write(join(folder, "config.json"), JSON.stringify(config));
  write(join(folder, "chat_template.jinja"), TEMPLATE);
  const added = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const tokenizer = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: "Whitespace" },
    post_processor: null,
    decoder: null,
    model: { type: "WordLevel", vocab: { "<|endoftext|>": 0 }, unk_token: "<|endoftext|>" },
  };
  write(join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
  const special = { eos_token: "<|im_end|>", pad_token: "<|endoftext|>" };
  write(join(folder, "tokenizer_config.json"), JSON.stringify(special));
}

function lines(rows: unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
