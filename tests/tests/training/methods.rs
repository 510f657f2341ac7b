//! Conversations and preferences, trained for real.

use serde_json::{Value, json};

use crate::{
    recipe::{RECIPE, python, text},
    world::World,
};

/// Makes rows of the recipe's tickets: conversations whose last answer depends on the first message, and
/// preferences for the right label.
const ROWS: &str = r#"
import csv, json, sys

tickets = list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")))
labels = sorted({ticket["label"] for ticket in tickets})
chats, pairs = [], []
for ticket in tickets:
    text, label = ticket["text"], ticket["label"]
    wrong = labels[(labels.index(label) + 1 + len(text) % (len(labels) - 1)) % len(labels)]
    said = [("human", text), ("gpt", "Yes."), ("human", "Label?"), ("gpt", label)]
    chats.append({"conversations": [{"from": who, "value": what} for who, what in said]})
    pairs.append({"prompt": f"Ticket: {text}\nLabel:", "chosen": f" {label}", "rejected": f" {wrong}"})
print(json.dumps([chats, pairs]))
"#;

/// The world with a dataset of such rows: the conversations, or the preferences.
pub(crate) fn world(which: usize) -> World {
    let world = World::new();
    let made = python(&["-c", ROWS, &text(&RECIPE.join("tickets.csv"))]);
    let made: Value = serde_json::from_str(&made).expect("JSON");
    let rows: String = made[which].as_array().expect("rows").iter().map(|row| format!("{row}\n")).collect();
    let dataset = world.fts.import(&world.fts.file("rows.jsonl", rows), "Rows of methods");
    World { dataset, ..world }
}

fn fields(world: &World, more: &Value) -> Value {
    let mut fields = world.training("methods-1", more);
    fields.as_object_mut().expect("fields").remove("prompt_id");
    fields
}

/// What an evaluation of the adapter of a training and of its base came to.
fn evaluated(world: &World, training: &str) -> Value {
    let job = world.fts.get("fine_tuning_jobs", training);
    let evaluation = json!({
        "dataset_id": world.dataset, "generation_config": crate::recipe::settings("generation.json").to_string(),
        "model_adapter_combinations": [
            {"base_model_id": world.model}, {"base_model_id": world.model, "adapter_id": job["adapter_id"]},
        ],
    });
    let run = world.fts.json(&["evaluate", "--wait", "--data", &evaluation.to_string()]);
    assert_eq!(run["state"], "succeeded", "{run}");
    world.account(run["id"].as_str().expect("an id"))
}

#[test]
fn a_conversation_teaches_an_answer_that_depends_on_an_earlier_turn() {
    let world = world(0);
    let mut fields = fields(&world, &json!({"num_train_epochs": 4}));
    fields["chat_template"] = "plain".into();
    let training = world.train(&fields);
    let account = evaluated(&world, &training);
    let share = |at: usize| account["combinations"][at]["metrics"]["exact_match/v1"].as_f64();
    let (base, trained) = (share(0).expect("a share"), share(1).expect("a share"));
    assert!(trained > 0.9 && trained > base + 0.3, "the adapter: {trained}, its base: {base}");
}

#[test]
fn preferences_raise_the_margin_on_pairs_that_were_held_back() {
    let world = world(1);
    let training = world.train(&fields(&world, &json!({"num_train_epochs": 2, "learning_rate": 0.001})));
    let folder = world.folder(&training);
    let spec = std::fs::read(folder.join("job.json")).expect("a job");
    let spec: Value = serde_json::from_slice(&spec).expect("JSON");
    assert_eq!((&spec["method"], &spec["chat"]), (&json!("dpo"), &Value::Null));
    let margins = world.measured(&training, "eval_rewards/margins");
    let accuracies = world.measured(&training, "eval_rewards/accuracies");
    let last = accuracies[accuracies.len() - 1].1;
    assert!(last > 0.9, "held-back pairs are told apart: {accuracies:?}");
    assert!(margins[margins.len() - 1].1 > margins[0].1, "the margin rises: {margins:?}");

    let account = evaluated(&world, &training);
    let metric = |at: usize, name: &str| account["combinations"][at]["metrics"][name].as_f64();
    let [base, tuned] = [0, 1].map(|at| metric(at, "logps/accuracies").expect("a share"));
    assert!(tuned > 0.9 && tuned > base + 0.2, "the adapter: {tuned}, its base: {base}");
    // The rows are those that were held back from the training, which measured the same, but as a mean over
    // batches, of which the last one is smaller.
    let preferred = metric(1, "rewards/accuracies").expect("a share");
    assert!((preferred - last).abs() < 0.02, "{preferred} is not the {last} of the training");
    let margin = metric(1, "rewards/margins").expect("a margin");
    let measured = margins[margins.len() - 1].1;
    assert!((margin - measured).abs() < 0.05 * measured, "{margin} is not the {measured} of the training");
    assert_eq!(metric(0, "rewards/accuracies"), None);
}
