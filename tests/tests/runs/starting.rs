//! What stands against starting, said before anything is made.

use std::fs;

use serde_json::{Value, json};

use crate::world::World;

fn refused(world: &World, change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut fields = world.training("tickets-1", &json!({}));
    change(&mut fields);
    let refusal = world.fts.refused(&["train", "--data", &fields.to_string()]);
    assert!(refusal.message.ends_with('.'), "{}", refusal.message);
    refusal.columns
}

#[test]
fn everything_wrong_is_said_at_once_and_nothing_is_made() {
    let world = World::new();
    let columns = refused(&world, |fields| {
        fields["adapter_name"] = "no spaces please".into();
        fields["num_epochs"] = 0.into();
        fields["train_test_split"] = 1.5.into();
        fields["lora_config"] = "{\"r\": 0}".into();
        fields["base_model_id"] = "nowhere".into();
    });
    for column in ["adapter_name", "num_epochs", "train_test_split", "lora_config", "base_model_id"] {
        assert!(columns.iter().any(|found| found == column), "{column} is not among {columns:?}");
    }
    assert_eq!(world.fts.count("fine_tuning_jobs"), 0);
    assert!(!fs::exists(world.fts.path("runs")).expect("a folder can be looked for"));
}

#[test]
fn what_this_machine_can_not_do_is_refused() {
    let world = World::new();
    let quantised =
        refused(&world, |fields| fields["adapter_bnb_config"] = "{\"load_in_4bit\": true}".into());
    assert_eq!(quantised, ["adapter_bnb_config"]);
    let half = refused(&world, |fields| fields["training_arguments_config"] = "{\"fp16\": true}".into());
    assert_eq!(half, ["training_arguments_config"]);
    let many = refused(&world, |fields| fields["num_workers"] = 2.into());
    assert_eq!(many, ["num_workers"]);
}

#[test]
fn what_is_gone_is_named() {
    let world = World::new();
    fs::remove_dir_all(world.fts.path("model")).expect("the model can be taken away");
    assert_eq!(refused(&world, |_| {}), ["base_model_id"]);
    fs::remove_file(world.fts.path("tickets.csv")).expect("the file can be taken away");
    assert_eq!(refused(&world, |_| {}), ["dataset_id", "base_model_id"]);
}

#[test]
fn a_template_that_names_no_column_is_refused() {
    let world = World::new();
    let renamed = world.fts.file("other.csv", format!("question,intent\n{}", "a,b\n".repeat(30)));
    let dataset = world.fts.import(&renamed, "Other");
    let columns = refused(&world, |fields| fields["dataset_id"] = dataset.into());
    assert_eq!(columns, ["prompt_id"]);
}

#[test]
fn a_dry_run_says_what_would_happen() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    fields["training_arguments_config"] = "{\"per_device_train_batch_size\": 4}".into();
    fields["num_epochs"] = 3.into();
    let answer = world.fts.run(&["train", "--dry-run", "--data", &fields.to_string()]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    let plan: Value = serde_json::from_str(&answer.out).expect("a plan");
    assert_eq!(plan["rows"], json!({"total": 30, "train": 27, "eval": 3}));
    assert_eq!(plan["steps"], 21);
    let arguments: Value =
        serde_json::from_str(plan["training_arguments"].as_str().expect("text")).expect("JSON");
    // What the form says wins over the text.
    assert_eq!((&arguments["num_train_epochs"], &arguments["learning_rate"]), (&json!(3), &json!(0.0002)));
    assert_eq!(world.fts.count("fine_tuning_jobs"), 0);
}

#[test]
fn the_names_of_the_wire_contract_are_understood() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    fields["cpu"] = 3.into();
    fields["train_test_split"] = f64::from(0.9_f32).into();
    let run = world.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
    let job = world.fts.get("fine_tuning_jobs", run["id"].as_str().expect("an id"));
    assert_eq!((&job["num_cpu"], &job["train_test_split"]), (&json!(3), &json!(0.9)));
}
