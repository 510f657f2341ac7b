//! Data of our own making, the same at every run.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

/// What a customer wants, and how they may say it. `{}` stands for an event.
const WISHES: &[(&str, &str)] = &[
    ("cancel_ticket", "Please cancel my ticket for {}."),
    ("cancel_ticket", "Ich möchte mein Ticket für {} zurückgeben."),
    ("upgrade_ticket", "Can I get a better seat for {}, \"near the stage\" if possible?"),
    ("find_event", "When is {}?\nAnd where?"),
    ("refund", "{} was called off, how do I get my money back?"),
    ("refund", "{}のチケットを払い戻してください。"),
];

const EVENTS: &[&str] = &["the derby", "the opera, act two", "la fête", "Łódź Jazz", "the 🎭 night"];

/// The columns of [`tickets_csv`].
pub const TICKET_COLUMNS: [&str; 2] = ["instruction", "intent"];

/// The row at an index: an instruction, unlike all others, and its intent.
pub fn ticket(index: usize) -> [String; 2] {
    let (intent, wish) = WISHES[index % WISHES.len()];
    let event = EVENTS[index % EVENTS.len()];
    [format!("{} ({index})", wish.replace("{}", event)), intent.to_owned()]
}

/// A CSV file of customers' wishes with quotes, line breaks inside fields and many scripts.
pub fn tickets_csv(rows: usize) -> String {
    let mut csv = TICKET_COLUMNS.join(",") + "\r\n";
    for index in 0..rows {
        let [instruction, intent] = ticket(index);
        write!(csv, "\"{}\",{intent}\r\n", instruction.replace('"', "\"\"")).expect("text can grow");
    }
    csv
}

/// The same rows, one JSON object a line.
pub fn tickets_jsonl(rows: usize) -> String {
    (0..rows).map(|index| ticket_object(index).to_string() + "\n").collect()
}

/// The same rows as one JSON array.
pub fn tickets_json(rows: usize) -> String {
    Value::from_iter((0..rows).map(ticket_object)).to_string()
}

fn ticket_object(index: usize) -> Value {
    let [instruction, intent] = ticket(index);
    json!({ "instruction": instruction, "intent": intent })
}

/// A folder with a model of 56 parameters, whose one layer is 4 wide.
pub fn model(folder: &Path) {
    let config = json!({
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "max_position_embeddings": 2048,
        "num_hidden_layers": 1, "hidden_size": 4, "vocab_size": 6, "torch_dtype": "bfloat16",
    });
    let tensors = [
        ("model.embed_tokens.weight", [6, 4]),
        ("model.layers.0.self_attn.q_proj.weight", [4, 4]),
        ("model.layers.0.self_attn.v_proj.weight", [4, 4]),
    ];
    weights(folder, "config.json", &config, "model.safetensors", &tensors);
}

/// A folder with a LoRA adapter of rank 2 for such a model, said to be trained on `base`.
pub fn adapter(folder: &Path, base: &str) {
    let config = json!({
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 2, "lora_alpha": 4, "lora_dropout": 0.05,
        "target_modules": ["q_proj", "v_proj"], "base_model_name_or_path": base,
    });
    let tensors = [
        ("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", [2, 4]),
        ("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight", [4, 2]),
    ];
    weights(folder, "adapter_config.json", &config, "adapter_model.safetensors", &tensors);
}

/// Writes a configuration and a safetensors file of 16-bit zeros.
fn weights(folder: &Path, name: &str, config: &Value, file: &str, tensors: &[(&str, [usize; 2])]) {
    let mut end = 0;
    let mut header = Map::new();
    for (name, shape) in tensors {
        let start = end;
        end += shape[0] * shape[1] * 2;
        let tensor = json!({"dtype": "BF16", "shape": shape, "data_offsets": [start, end]});
        header.insert((*name).to_owned(), tensor);
    }
    let header = Value::Object(header).to_string();
    let length = u64::try_from(header.len()).expect("a short header");
    let bytes = [&length.to_le_bytes(), header.as_bytes(), &vec![0; end]].concat();
    fs::create_dir_all(folder).expect("a folder for the weights");
    fs::write(folder.join(name), config.to_string()).expect("the configuration");
    fs::write(folder.join(file), bytes).expect("the weights");
}
