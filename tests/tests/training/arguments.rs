//! The arguments that the trainer is given, and their effect.

use serde_json::{Value, json};

use crate::{
    recipe::{RECIPE, python, text},
    world::World,
};

/// The mean loss of the model on rows, on their completions or on all of their texts.
const LOSSES: &str = r#"
import json, sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer

source, rows = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(source)
model = AutoModelForCausalLM.from_pretrained(source).eval()

def loss(row, passed_over):
    ids = tokenizer(row["prompt"] + row["completion"])["input_ids"] + [tokenizer.eos_token_id]
    ids = torch.tensor([ids])
    labels = ids.clone()
    labels[0, :passed_over] = -100
    with torch.no_grad():
        return model(input_ids=ids, labels=labels).loss.item()

rows = json.loads(rows)
completion = [loss(row, len(tokenizer(row["prompt"])["input_ids"])) for row in rows]
everything = [loss(row, 0) for row in rows]
print(json.dumps([sum(losses) / len(rows) for losses in (completion, everything)]))
"#;

#[test]
fn the_loss_is_of_the_completion_unless_the_whole_text_is_wanted() {
    let world = World::new();
    let held_back = |name: &str, more: Value| {
        let mut arguments = json!({
            "max_steps": 1, "eval_strategy": "steps", "eval_steps": 1, "per_device_eval_batch_size": 1,
        });
        arguments.as_object_mut().expect("arguments").extend(more.as_object().expect("arguments").clone());
        let mut fields = world.training(name, &arguments);
        // So small a step leaves the model as it is.
        fields["learning_rate"] = 1e-12.into();
        fields["dataset_fraction"] = 0.1.into();
        let id = world.train(&fields);
        (world.measured(&id, "eval_loss")[0].1, world.rows(&id, "eval.jsonl"))
    };
    let (unsaid, rows) = held_back("unsaid", json!({}));
    let (whole, same) = held_back("whole", json!({"completion_only_loss": false}));
    assert_eq!(rows, same);

    let reported = python(&["-c", LOSSES, &text(&RECIPE.join("model")), &json!(rows).to_string()]);
    let [completion, everything]: [f64; 2] = serde_json::from_str(&reported).expect("two numbers");
    assert!((completion - everything).abs() > 0.1, "they are too close: {completion}, {everything}");
    assert!((unsaid - completion).abs() < 1e-3, "{unsaid} is not {completion}");
    assert!((whole - everything).abs() < 1e-3, "{whole} is not {everything}");
}

#[test]
fn an_argument_that_nobody_knows_fails_with_its_name() {
    let world = World::new();
    let fields = world.training("odd", &json!({"learning_rat": 1}));
    let answer = world.fts.run(&["--json", "train", "--wait", "--data", &fields.to_string()]);
    assert_eq!(answer.code, 1, "{}", answer.err);
    let run: Value = serde_json::from_str(&answer.out).expect("a run");
    assert_eq!(run["state"], "failed", "{run}");
    assert!(run["note"].as_str().expect("a note").contains("learning_rat"), "{run}");
    assert!(run["hint"].as_str().expect("a hint").contains("learning_rate"), "{run}");
    assert_eq!(world.fts.count("adapters"), 0);
}
