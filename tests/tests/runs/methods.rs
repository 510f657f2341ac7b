//! Trainings by preferences, labels and ratings, and of whole models, with the world that all methods are tested in.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::{choices::ARGUMENTS, world::World};

/// A template with an end of each turn, as many models have it.
pub(crate) const TEMPLATE: &str = "{% for message in messages %}<|im_start|>{{ message['role'] }}\n\
    {{ message['content'] }}<|im_end|>\n{% endfor %}\
    {% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/// A world whose dataset has these rows, and whose model has a chat template.
pub(crate) fn world(rows: &[Value]) -> World {
    let world = World::new();
    fs::write(PathBuf::from(world.fts.path("model")).join("chat_template.jinja"), TEMPLATE)
        .expect("a template can be written");
    with_rows(world, rows)
}

pub(crate) fn with_rows(world: World, rows: &[Value]) -> World {
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let file = world.fts.file("rows.jsonl", text);
    let dataset = world.fts.import(&file, "Rows of methods");
    World { dataset, ..world }
}

/// The fields of a training that names no prompt.
pub(crate) fn fields(world: &World, choices: &Value) -> Value {
    let mut fields = world.training("chat-1", &json!({}));
    let fields_of = fields.as_object_mut().expect("fields");
    fields_of.remove("prompt_id");
    fields_of.extend(choices.as_object().expect("choices").clone());
    fields
}

pub(crate) fn planned(world: &World, choices: &Value) -> Value {
    let data = fields(world, choices).to_string();
    let answer = world.fts.run(&["train", "--dry-run", "--data", &data]);
    serde_json::from_str(&answer.out).expect("a plan")
}

pub(crate) fn refused(world: &World, choices: &Value) -> Vec<(String, String)> {
    let plan = planned(world, choices);
    let text = |problem: &Value, key: &str| problem[key].as_str().expect("a text").to_owned();
    let problems = plan["problems"].as_array().expect("problems").iter();
    problems.map(|problem| (text(problem, "column"), text(problem, "message"))).collect()
}

/// The columns of refusals.
pub(crate) fn columns(problems: &[(String, String)]) -> Vec<&str> {
    problems.iter().map(|(column, _)| column.as_str()).collect()
}

/// Trains, and gives the id of the run.
pub(crate) fn trained(world: &World, choices: &Value) -> String {
    let data = fields(world, choices).to_string();
    let run = world.fts.json(&["train", "--wait", "--data", &data]);
    assert_eq!(run["state"], "succeeded", "{run}");
    run["id"].as_str().expect("an id").to_owned()
}

pub(crate) fn job(world: &World, id: &str) -> Value {
    serde_json::from_slice(&fs::read(world.folder(id).join("job.json")).expect("a job")).expect("JSON")
}

pub(crate) fn rows(world: &World, id: &str, file: &str) -> Vec<Value> {
    let text = fs::read_to_string(world.folder(id).join(file)).expect("rows");
    text.lines().map(|line| serde_json::from_str(line).expect("a row of JSON")).collect()
}

pub(crate) fn preview(world: &World, row: &Value, more: &[&str]) -> Value {
    let row = row.to_string();
    let mut arguments =
        vec!["prompt", "render", &world.dataset, "--conversation", "--model", &world.model, "--row", &row];
    arguments.extend(more);
    world.fts.json(&arguments)["rows"][0].clone()
}

pub(crate) fn chats(count: usize) -> Vec<Value> {
    let chat = |n: usize| {
        json!({"conversations": [
            {"from": "human", "value": format!("Grüß 🎭 {n}?")}, {"from": "gpt", "value": format!("Ja {n}.")},
            {"from": "human", "value": "And?"}, {"from": "gpt", "value": "No."},
        ]})
    };
    (0..count).map(chat).collect()
}

#[test]
fn preferences_are_compared_by_default() {
    let row = json!({"prompt": "Hi", "chosen": "Hello", "rejected": "Go"});
    let world = world(&vec![row; 10]);
    let id = trained(&world, &json!({}));
    let (job, row) = (job(&world, &id), rows(&world, &id, "train.jsonl")[0].clone());
    assert_eq!((&job["method"], &job["row_format"]), (&json!("dpo"), &json!("preference")));
    assert_eq!(job["training_arguments"]["learning_rate"], 1e-5);
    assert_eq!(world.fts.get("fine_tuning_jobs", &id)["learning_rate"], 1e-5);
    assert_eq!(row["prompt"], "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    assert_eq!((&row["chosen"], &row["rejected"]), (&json!("Hello<|im_end|>\n"), &json!("Go<|im_end|>\n")));
    let shown = preview(&world, &row["row"], &[]);
    for (at, part) in ["prompt", "chosen", "rejected"].into_iter().enumerate() {
        assert_eq!((&shown["texts"][at]["part"], &shown["texts"][at]["text"]), (&json!(part), &row[part]));
    }
    let plain =
        trained(&world, &json!({"adapter_name": "chat-2", "chat_template": "none", "learning_rate": 1e-3}));
    let plain_row = &rows(&world, &plain, "train.jsonl")[0];
    assert_eq!((&plain_row["prompt"], &plain_row["chosen"]), (&json!("Hi"), &json!("Hello")));
    assert_eq!(self::job(&world, &plain)["training_arguments"]["learning_rate"], 1e-3);
}

#[test]
fn single_answers_have_a_label() {
    let row =
        |n: usize| json!({"prompt": "Hi", "completion": format!("Hello {n}"), "label": n.is_multiple_of(2)});
    let world = world(&(0..10).map(row).collect::<Vec<_>>());
    let id = trained(&world, &json!({"method": "kto"}));
    for row in rows(&world, &id, "train.jsonl") {
        assert_eq!(row["label"], json!(row["row"].as_u64().expect("a number") % 2 == 1), "{row}");
        assert!(row["completion"].as_str().expect("a text").ends_with("<|im_end|>\n"), "{row}");
    }
    let unlabeled = self::world(&vec![json!({"prompt": "Hi", "completion": "Hello"}); 10]);
    let problems = refused(&unlabeled, &json!({"method": "kto"}));
    assert_eq!(columns(&problems), ["rating_column"]);
    assert!(problems[0].1.contains("'label' is missing"), "{problems:?}");
    assert_eq!(planned(&world, &json!({}))["choices"]["method"], "kto", "the method follows from the labels");
}

#[test]
fn a_pair_is_trained_on_as_a_good_and_a_bad_answer() {
    let pair =
        |n: usize| json!({"prompt": "Hi", "chosen": format!("Hello {n}"), "rejected": format!("Go {n}")});
    let world = world(&(1..=10).map(pair).collect::<Vec<_>>());
    let plan = planned(&world, &json!({"method": "kto"}));
    assert_eq!((&plan["problems"], &plan["choices"]["rating_column"]), (&json!([]), &Value::Null));
    assert_eq!(plan["rows"], json!({"total": 20, "train": 18, "eval": 2}));
    let id = trained(&world, &json!({"method": "kto"}));
    assert_eq!(job(&world, &id)["rows"], json!({"train": 18, "eval": 2, "left_out": 0}));
    for file in ["train.jsonl", "eval.jsonl"] {
        let rows = rows(&world, &id, file);
        for pair in rows.chunks(2) {
            let n = pair[0]["row"].as_u64().expect("a number");
            let answers = [("Hello", true), ("Go", false)].map(|(said, good)| {
                json!({
                    "row": n, "prompt": "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
                    "completion": format!("{said} {n}<|im_end|>\n"), "label": good,
                })
            });
            assert_eq!(pair, answers);
        }
    }
    let shown =
        ["prompt", "render", &world.dataset, "--conversation", "--model", &world.model, "--method", "kto"];
    let shown = world.fts.json(&shown)["rows"].clone();
    let labels: Vec<_> =
        shown.as_array().expect("rows").iter().map(|row| (&row["row"], &row["label"])).collect();
    assert_eq!(labels, [(&json!(1), &json!(true)), (&json!(1), &json!(false))]);
    let refused = refused(&world, &json!({"adapter_name": "chat-2", "method": "kto", "rating_threshold": 3}));
    assert_eq!(columns(&refused), ["rating_threshold"]);
}

#[test]
fn a_rating_says_from_where_on_an_answer_is_good() {
    let row = |n: usize| json!({"prompt": "Hi", "completion": format!("Hello {n}"), "stars": n % 5 + 1});
    let world = world(&(0..10).map(row).collect::<Vec<_>>());
    let choices = json!({"method": "kto", "rating_column": "stars"});
    let plan = planned(&world, &choices);
    assert_eq!((&plan["problems"], &plan["choices"]["rating_threshold"]), (&json!([]), &json!(4.0)));
    let mut stricter = choices.clone();
    stricter["rating_threshold"] = 5.into();
    stricter["adapter_name"] = "chat-2".into();
    for (choices, from) in [(choices, 4_u32), (stricter, 5)] {
        let id = trained(&world, &choices);
        for row in rows(&world, &id, "train.jsonl") {
            let stars = (row["row"].as_u64().expect("a number") - 1) % 5 + 1;
            assert_eq!(row["label"], json!(stars >= u64::from(from)), "{row}");
        }
        let kept = &world.fts.json(&["fine-tuning-job", "get", &id])["choices"];
        assert_eq!(
            (&kept["rating_column"], &kept["rating_threshold"]),
            (&json!("stars"), &json!(f64::from(from)))
        );
    }
    let same = planned(
        &world,
        &json!({"adapter_name": "chat-3", "method": "kto", "rating_column": "stars", "rating_threshold": 9}),
    );
    assert!(
        same["warnings"][0]["message"].as_str().expect("a text").contains("None of the first answers"),
        "{same}"
    );
    let misplaced = refused(
        &world,
        &json!({"adapter_name": "chat-3", "row_format": "conversation", "rating_column": "stars"}),
    );
    assert_eq!(columns(&misplaced), ["rating_column"]);
}

#[test]
fn a_whole_model_that_was_trained_is_a_model() {
    let world = world(&chats(10));
    let id = trained(&world, &json!({"tuning": "full"}));
    let (job, row) = (job(&world, &id), world.fts.get("fine_tuning_jobs", &id));
    assert_eq!((&job["tuning"], &row["adapter_id"]), (&json!("full"), &Value::Null));
    let models = world.fts.json(&["list", "models", "--search", "chat-1"]);
    assert_eq!(models["rows"][0]["location"], job["output"]["model"], "{models}");
    assert_eq!(world.fts.count("adapters"), 0);
}

#[test]
fn arguments_of_another_method_are_left_out_and_wrong_ones_refused() {
    let pair = json!({"prompt": "Hi", "chosen": "Hello", "rejected": "Go"});
    let world = world(&vec![pair; 10]);
    let arguments = r#"{"completion_only_loss": true, "packing": false, "beta": 0.3, "loss_type": "ipo"}"#;
    let plan = planned(&world, &json!({(ARGUMENTS): arguments}));
    assert_eq!(plan["problems"], json!([]), "{plan}");
    let said = "completion_only_loss is a setting of supervised fine-tuning: it is left out.";
    assert!(plan["warnings"].to_string().contains(said), "{plan}");
    let given = job(&world, &trained(&world, &json!({(ARGUMENTS): arguments})))["training_arguments"].clone();
    assert_eq!((&given["beta"], &given["loss_type"]), (&json!(0.3), &json!("ipo")));
    assert!(given.get("completion_only_loss").is_none() && given.get("packing").is_none(), "{given}");
    for loss in [r#""exo_pair""#, r#"["sigmoid", "exo_pair"]"#] {
        let exo = json!({"adapter_name": "chat-2", (ARGUMENTS): format!(r#"{{"loss_type": {loss}}}"#)});
        assert_eq!(columns(&refused(&world, &exo)), [ARGUMENTS], "{loss}");
    }
    let kto = json!({"method": "kto", "adapter_name": "chat-2", (ARGUMENTS): r#"{"loss_type": "ipo"}"#});
    let problems = refused(&world, &kto);
    assert_eq!(columns(&problems), [ARGUMENTS]);
    assert!(problems[0].1.contains("one of kto, apo_zero_unpaired"), "{problems:?}");
    let sft = self::world(&chats(10));
    let plan = planned(&sft, &json!({(ARGUMENTS): r#"{"beta": 0.3}"#}));
    assert!(plan["warnings"].to_string().contains("beta is a setting of DPO, KTO, ORPO"), "{plan}");
}
