//! Conversations, preferences and labeled answers, trained for real.

use serde_json::{Value, json};

use crate::{
    recipe::{RECIPE, python, text},
    world::World,
};

/// Makes rows of the recipe's tickets: conversations whose last answer depends on the first message,
/// preferences for the right label, and answers of which every other is right.
const ROWS: &str = r#"
import csv, json, sys

tickets = list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")))
labels = sorted({ticket["label"] for ticket in tickets})
chats, pairs, answers = [], [], []
for ticket in tickets:
    text, label = ticket["text"], ticket["label"]
    wrong = labels[(labels.index(label) + 1 + len(text) % (len(labels) - 1)) % len(labels)]
    said = [("human", text), ("gpt", "Yes."), ("human", "Label?"), ("gpt", label)]
    chats.append({"conversations": [{"from": who, "value": what} for who, what in said]})
    prompt = f"Ticket: {text}\nLabel:"
    pairs.append({"prompt": prompt, "chosen": f" {label}", "rejected": f" {wrong}"})
    right = len(answers) % 2 == 0
    answers.append({"prompt": prompt, "completion": f" {label if right else wrong}", "label": right})
print(json.dumps([chats, pairs, answers]))
"#;

/// The conversations.
pub(crate) const CONVERSATIONS: usize = 0;
/// The preferences.
pub(crate) const PAIRS: usize = 1;
const ANSWERS: usize = 2;

/// Such rows, as JSON Lines.
pub(crate) fn rows(which: usize) -> String {
    let made = python(&["-c", ROWS, &text(&RECIPE.join("tickets.csv"))]);
    let made: Value = serde_json::from_str(&made).expect("JSON");
    made[which].as_array().expect("rows").iter().map(|row| format!("{row}\n")).collect()
}

/// The world with a dataset of such rows.
pub(crate) fn world(which: usize) -> World {
    let world = World::new();
    let dataset = world.fts.import(&world.fts.file("rows.jsonl", rows(which)), "Rows of methods");
    World { dataset, ..world }
}

fn fields(world: &World, more: &Value) -> Value {
    let mut fields = world.training("methods-1", more);
    fields.as_object_mut().expect("fields").remove("prompt_id");
    fields
}

/// What an evaluation of the adapter of a training and of its base came to.
fn evaluated(world: &World, training: &str) -> String {
    let job = world.fts.get("fine_tuning_jobs", training);
    world.evaluate(
        &json!([
            {"base_model_id": world.model}, {"base_model_id": world.model, "adapter_id": job["adapter_id"]},
        ]),
        &json!({}),
    )
}

/// The fields of a training by that method on half of the rows, which is evaluated before its first step.
fn by(method: &str, world: &World, epochs: u32) -> Value {
    let mut fields = fields(world, &json!({"num_train_epochs": epochs, "eval_on_start": true}));
    fields["method"] = method.into();
    fields["dataset_fraction"] = 0.5.into();
    fields
}

fn spec(world: &World, training: &str) -> Value {
    let spec = std::fs::read(world.folder(training).join("job.json")).expect("a job");
    serde_json::from_slice(&spec).expect("JSON")
}

#[test]
fn a_conversation_teaches_an_answer_that_depends_on_an_earlier_turn() {
    let world = world(CONVERSATIONS);
    let mut fields = fields(&world, &json!({"num_train_epochs": 4}));
    fields["chat_template"] = "plain".into();
    let training = world.train(&fields);
    let evaluation = evaluated(&world, &training);
    let [base, trained] = [0, 1].map(|combination| world.exact_match(&evaluation, combination));
    assert!(trained > 0.9 && trained > base + 0.3, "the adapter: {trained}, its base: {base}");
}

#[test]
fn preferences_raise_the_margin_on_pairs_that_were_held_back() {
    let world = world(PAIRS);
    let training = world.train(&fields(&world, &json!({"num_train_epochs": 2, "learning_rate": 0.001})));
    let spec = spec(&world, &training);
    assert_eq!((&spec["method"], &spec["chat"]), (&json!("dpo"), &Value::Null));
    let margins = world.measured(&training, "eval_rewards/margins");
    let accuracies = world.measured(&training, "eval_rewards/accuracies");
    let last = accuracies[accuracies.len() - 1].1;
    assert!(last > 0.9, "held-back pairs are ranked: {accuracies:?}");
    assert!(margins[margins.len() - 1].1 > margins[0].1, "the margin rises: {margins:?}");

    let account = world.account(&evaluated(&world, &training));
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

#[test]
fn answers_labeled_good_become_likelier_on_held_back_rows_than_those_labeled_bad() {
    let world = world(ANSWERS);
    let mut fields = by("kto", &world, 3);
    // One answer says less than a pair of them: it takes all rows, and smaller steps than the recipe's.
    fields["dataset_fraction"] = 1.0.into();
    fields["learning_rate"] = 0.002.into();
    let training = world.train(&fields);
    // How much likelier than to the base, good minus bad.
    let margins = world.measured(&training, "eval_rewards/margins");
    let (first, last) = (margins[0].1, margins[margins.len() - 1].1);
    assert!(first.abs() < 1e-3 && last > 0.1, "the margin rises: {margins:?}");
}

#[test]
fn odds_ratios_prefer_the_chosen_answers_of_held_back_pairs() {
    let world = world(PAIRS);
    let training = world.train(&by("orpo", &world, 2));
    let accuracies = world.measured(&training, "eval_rewards/accuracies");
    let (first, last) = (accuracies[0].1, accuracies[accuracies.len() - 1].1);
    assert!(last > 0.9 && last > first + 0.3, "held-back pairs are ranked: {accuracies:?}");
}

#[test]
fn a_reward_model_scores_the_chosen_answers_of_held_back_pairs_higher() {
    let world = world(PAIRS);
    let training = world.train(&by("reward", &world, 3));
    let accuracies = world.measured(&training, "eval_accuracy");
    let (first, last) = (accuracies[0].1, accuracies[accuracies.len() - 1].1);
    assert!(last > 0.9 && last > first + 0.2, "held-back pairs are ranked: {accuracies:?}");
    let margins = world.measured(&training, "eval_margin");
    assert!(margins[margins.len() - 1].1 > 0.0, "chosen answers score higher: {margins:?}");
}
