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
    let many = refused(&world, |fields| fields["num_workers"] = 2.into());
    assert_eq!(many, ["num_workers"]);
}

/// What a plan says of quantisation and of the settings it would train with, in a Python that sees a GPU.
fn planned_on_gpu(able: &Value) -> (Value, Value) {
    let mut gpu = json!({"kind": "cuda", "name": "GPU", "memory_bytes": 16_000_000_000_u64});
    gpu.as_object_mut().expect("an object").extend(able.as_object().expect("an object").clone());
    let report = json!({"python": "3.12.1", "packages": {}, "missing": [], "accelerators": [gpu]});
    let world = World::new();
    let python = world.fts.script("python3", format!("#!/bin/sh\ncat <<'END'\n{report}\nEND\n"));
    let world = World { fts: world.fts.with_variable("FINE_TUNING_STUDIO_WORKER", ""), ..world };
    world.fts.json(&["environment", "use", &python]);
    let mut fields = world.training("tickets-1", &json!({}));
    fields["training_arguments_config"] = Value::Null;
    fields["adapter_bnb_config"] = "{\"load_in_4bit\": true}".into();
    let plan = planned(&world, &fields);
    let arguments = plan["training_arguments"].as_str().expect("a text");
    (plan["problems"].clone(), serde_json::from_str(arguments).expect("JSON"))
}

#[test]
fn a_gpu_quantizes_if_the_package_for_it_is_there() {
    let (problems, arguments) = planned_on_gpu(&json!({"bfloat16": true, "quantizes": true}));
    assert_eq!((problems, &arguments["bf16"]), (json!([]), &json!(true)));
    let (problems, arguments) = planned_on_gpu(&json!({"bfloat16": false, "quantizes": false}));
    assert_eq!(problems[0]["column"], "adapter_bnb_config");
    assert!(problems[0]["message"].as_str().expect("a text").contains("'bitsandbytes'"), "{problems}");
    assert_eq!((&arguments["fp16"], arguments.get("bf16")), (&json!(true), None));
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

fn planned(world: &World, fields: &Value) -> Value {
    let answer = world.fts.run(&["train", "--dry-run", "--data", &fields.to_string()]);
    serde_json::from_str(&answer.out).expect("a plan")
}

fn planned_arguments(plan: &Value) -> Value {
    serde_json::from_str(plan["training_arguments"].as_str().expect("text")).expect("JSON")
}

#[test]
fn arguments_made_for_a_gpu_train_on_a_processor() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    let made_for_a_gpu = json!({"fp16": true, "bf16": false, "optim": "paged_adamw_32bit"});
    fields["training_arguments_config"] = made_for_a_gpu.to_string().into();
    let plan = planned(&world, &fields);
    assert_eq!(plan["problems"], json!([]));
    let warned = plan["warnings"].as_array().expect("warnings");
    let said: Vec<&str> = warned.iter().filter_map(|warning| warning["message"].as_str()).collect();
    for name in ["'fp16'", "'paged_adamw_32bit'"] {
        assert!(said.iter().any(|said| said.contains(name)), "{name}: {said:?}");
    }
    let arguments = planned_arguments(&plan);
    assert_eq!((&arguments["fp16"], &arguments["optim"]), (&json!(false), &json!("adamw_torch")));
}

#[test]
fn what_the_form_leaves_unsaid_is_the_texts_to_say() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    let text = json!({"num_train_epochs": 4, "learning_rate": 1e-3, "fake": {}});
    fields["training_arguments_config"] = text.to_string().into();
    let run = world.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
    let job = world.fts.get("fine_tuning_jobs", run["id"].as_str().expect("an id"));
    assert_eq!((&job["num_epochs"], &job["learning_rate"]), (&json!(4), &json!(0.001)));
    // Half an epoch has no place in the column, and is trained all the same.
    fields["adapter_name"] = "tickets-2".into();
    fields["training_arguments_config"] = "{\"num_train_epochs\": 0.5}".into();
    assert_eq!(planned_arguments(&planned(&world, &fields))["num_train_epochs"], 0.5);
    fields["num_epochs"] = 2.into();
    assert_eq!(planned_arguments(&planned(&world, &fields))["num_train_epochs"], 2);
}

#[test]
fn the_config_of_a_script_is_kept_with_its_job() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    fields["user_config"] = "{\"depth\": 3}".into();
    let asked = |fields: &Value| world.fts.refused(&["train", "--data", &fields.to_string()]).columns;
    assert_eq!(asked(&fields), ["user_config"]);
    fields["user_script"] = world.fts.path("train.py").into();
    assert_eq!(asked(&fields), ["user_script"]);
    world.fts.file("train.py", "print('hello')");
    fields["user_config"] = "{\"depth\":".into();
    assert_eq!(asked(&fields), ["user_config"]);
    assert_eq!(world.fts.count("configs"), configs_at_first(&world));

    fields["user_config"] = "{\"depth\": 3}".into();
    let train = |name: &str| {
        let mut fields = fields.clone();
        fields["adapter_name"] = name.into();
        let run = world.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
        let id = run["id"].as_str().expect("an id").to_owned();
        let spec = fs::read_to_string(world.folder(&id).join("job.json")).expect("a job");
        let spec: Value = serde_json::from_str(&spec).expect("JSON");
        assert_eq!(spec["script"], json!({"path": world.fts.path("train.py"), "config": "{\"depth\": 3}"}));
        let job = world.fts.get("fine_tuning_jobs", &id);
        job["user_config_id"].as_str().expect("a config").to_owned()
    };
    let first = train("tickets-1");
    let config = world.fts.get("configs", &first);
    assert_eq!(
        (&config["type"], &config["is_default"], &config["config"]),
        (&json!("custom"), &json!(0), &json!("{\"depth\": 3}"))
    );
    assert_eq!(train("tickets-2"), first, "the same settings are one config");
}

fn configs_at_first(world: &World) -> u64 {
    let custom = world.fts.json(&["list", "configs", "--limit", "1000"]);
    let rows = custom["rows"].as_array().expect("rows");
    assert!(rows.iter().all(|row| row["type"] != "custom"), "{custom}");
    custom["total"].as_u64().expect("a number")
}

#[test]
fn a_folder_that_nothing_can_be_written_into_is_refused() {
    let world = World::new();
    // Not even by the system's administrator.
    assert_eq!(refused(&world, |fields| fields["out_dir"] = "/proc".into()), ["out_dir"]);
}

#[test]
fn a_config_is_named_by_its_id_if_it_is_of_the_right_type() {
    let world = World::new();
    let lora = world
        .fts
        .create("configs", &json!({"type": "lora_config", "description": "Rank 3", "config": "{\"r\": 3}"}));
    let wrong = refused(&world, |fields| {
        fields.as_object_mut().expect("fields").remove("training_arguments_config");
        fields["training_arguments_config_id"] = lora.as_str().into();
    });
    assert_eq!(wrong, ["training_arguments_config_id"]);
    let mut fields = world.training("tickets-1", &json!({}));
    fields["lora_config_id"] = lora.into();
    // On the wire, what is not said is an empty text.
    fields["adapter_bnb_config_id"] = "".into();
    let plan = planned(&world, &fields);
    assert_eq!((&plan["problems"], &plan["lora"]), (&json!([]), &json!("{\n  \"r\": 3\n}")));
}

#[test]
fn a_run_chooses_its_own_id() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    fields["id"] = "../../elsewhere".into();
    fields["adapter_id"] = "somebody-elses".into();
    fields["auto_add_adapter"] = false.into();
    let run = world.fts.json(&["train", "--wait", "--data", &fields.to_string()]);
    let id = run["id"].as_str().expect("an id");
    assert!(id.chars().all(|c| c.is_ascii_hexdigit() || c == '-'), "{id}");
    assert_eq!(world.fts.get("fine_tuning_jobs", id)["adapter_id"], Value::Null);
    let evaluation = json!({
        "id": "../../elsewhere", "parent_job_id": "../../elsewhere", "dataset_id": world.dataset,
        "prompt_id": world.prompt, "evaluation_dir": "/elsewhere",
        "model_adapter_combinations": [{"base_model_id": world.model, "adapter_id": ""}],
    });
    let run = world.fts.json(&["evaluate", "--wait", "--data", &evaluation.to_string()]);
    let results = world.fts.json(&["results", run["id"].as_str().expect("an id")]);
    let folder = results["combinations"][0]["folder"].as_str().expect("a folder");
    assert!(folder.starts_with(&world.fts.path("runs")), "{folder}");
}

#[test]
fn a_dry_run_says_what_would_happen() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    fields["training_arguments_config"] = "{\"per_device_train_batch_size\": 4}".into();
    fields["num_epochs"] = 3.into();
    let plan = planned(&world, &fields);
    assert_eq!(plan["rows"], json!({"total": 30, "train": 27, "eval": 3}));
    assert_eq!(plan["steps"], 21);
    let arguments = planned_arguments(&plan);
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
