//! What stands against starting, said before anything is made.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    thread,
};

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
    let many = refused(&world, |fields| fields["num_workers"] = 10_000.into());
    assert_eq!(many, ["num_workers"]);
}

#[test]
fn rows_of_plain_columns_need_a_prompt() {
    let world = World::new();
    assert_eq!(refused(&world, |fields| fields["prompt_id"] = Value::Null), ["prompt_id"]);
}

/// A world whose Python sees a GPU.
fn world_with_gpu(able: &Value) -> World {
    let mut gpu = json!({"kind": "cuda", "name": "GPU", "memory_bytes": 16_000_000_000_u64});
    gpu.as_object_mut().expect("an object").extend(able.as_object().expect("an object").clone());
    let report = json!({"python": "3.12.1", "packages": {}, "missing": [], "accelerators": [gpu]});
    let world = World::new();
    let python = world.fts.script("python3", format!("#!/bin/sh\ncat <<'END'\n{report}\nEND\n"));
    let world = World { fts: world.fts.with_variable("FINE_TUNING_STUDIO_WORKER", ""), ..world };
    world.fts.json(&["environment", "use", &python]);
    world
}

fn planned_in_4_bits(world: &World) -> Value {
    let mut fields = world.training("tickets-1", &json!({}));
    fields["training_arguments_config"] = Value::Null;
    fields["adapter_bnb_config"] = "{\"load_in_4bit\": true}".into();
    planned(world, &fields)
}

/// What a plan says of quantization and of the settings it would train with, in a Python that sees a GPU.
fn planned_on_gpu(able: &Value) -> (Value, Value) {
    let plan = planned_in_4_bits(&world_with_gpu(able));
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
fn a_quantized_model_is_not_quantized_again() {
    let world = world_with_gpu(&json!({"bfloat16": true, "quantizes": true}));
    let config = std::path::PathBuf::from(world.fts.path("model")).join("config.json");
    let plain: Value = serde_json::from_slice(&fs::read(&config).expect("a file")).expect("JSON");
    let planned_as = |quantization: Value| {
        let mut model = plain.clone();
        model["quantization_config"] = quantization;
        fs::write(&config, model.to_string()).expect("the configuration can be written");
        let plan = planned_in_4_bits(&world);
        (plan["problems"].clone(), plan["warnings"].clone())
    };
    let (problems, warnings) = planned_as(json!({"quant_method": "awq", "bits": 4}));
    assert_eq!(problems[0]["column"], "adapter_bnb_config", "{problems}");
    let message = problems[0]["message"].as_str().expect("a text");
    assert!(message.contains("is quantized already (awq)"), "{message}");
    assert!(warnings.to_string().contains("Only an environment with the packages"), "{warnings}");
    let (problems, warnings) = planned_as(json!({"load_in_4bit": true}));
    assert_eq!(problems, json!([]));
    assert!(warnings.to_string().contains("its own settings are used"), "{warnings}");
    let (problems, warnings) = planned_as(Value::Null);
    assert_eq!(problems, json!([]));
    assert!(!warnings.to_string().contains("quantized"), "{warnings}");
}

#[test]
fn what_is_trained_is_counted_and_targets_that_are_nowhere_are_refused() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    fields["lora_config"] = Value::Null;
    let plan = planned(&world, &fields);
    assert_eq!(plan["problems"], json!([]), "{plan}");
    // Of rank 16, on two matrices of 4 by 4.
    let modules = json!({"choices": ["q_proj", "v_proj"], "layers": 2, "trainable": 256, "parameters": 56});
    assert_eq!(plan["modules"], modules);
    let wrong = "{\"target_modules\": [\"q_proj\", \"query\"]}";
    fields["lora_config"] = wrong.into();
    let problems = planned(&world, &fields)["problems"].clone();
    let message = problems[0]["message"].as_str().expect("a text");
    assert!(message.contains("query") && message.contains("q_proj, v_proj"), "{problems}");
    assert_eq!(refused(&world, |fields| fields["lora_config"] = wrong.into()), ["lora_config"]);
}

/// The address of a hub that answers every request with this repository.
fn hub(repository: &Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("an address");
    let body = repository.to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n";
            // A client that is gone needs no answer.
            let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    format!("http://{address}")
}

#[test]
fn a_model_that_is_not_here_says_what_is_fetched() {
    let world = World::new();
    let address = hub(&json!({
        "id": "acme/tiny", "sha": "0123abc", "private": false, "gated": false, "usedStorage": 3_200_000_000_u64,
        "config": {"architectures": ["Phi3ForCausalLM"], "model_type": "phi3"},
    }));
    let fts = world.fts.with_variable("HF_HUB_OFFLINE", "0").with_variable("HF_ENDPOINT", &address);
    let model = fts.create("models", &json!({"type": "huggingface", "huggingface_model_name": "acme/tiny"}));
    let world = World { fts, model, ..world };
    let plan = planned(&world, &world.training("tickets-1", &json!({})));
    assert_eq!(plan["problems"], json!([]), "{plan}");
    assert_eq!(
        plan["fetch"],
        json!({
            "kind": "model", "name": "acme/tiny", "part": {"config": null, "split": null},
            "bytes": 3_200_000_000_u64, "model_type": "phi3",
        })
    );
    assert_eq!(plan["fetches"], json!([plan["fetch"]]));
    // The layers are known by the kind of the model, their sizes are not.
    assert_eq!(plan["modules"]["choices"], json!(["down_proj", "gate_up_proj", "o_proj", "qkv_proj"]));
    assert_eq!(plan["modules"]["trainable"], Value::Null);
    let warning = plan["warnings"][0]["message"].as_str().expect("a text");
    assert!(warning.contains("acme/tiny is not in the local cache") && warning.contains("3.2 GB"), "{plan}");
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
fn former_and_unknown_names_are_said_before_a_run_starts() {
    let world = World::new();
    let mut fields = world.training("tickets-1", &json!({}));
    fields["training_arguments_config"] =
        json!({"per_gpu_train_batch_size": 4, "evaluation_strategy": "epoch", "learning_rte": 1})
            .to_string()
            .into();
    fields["num_epochs"] = 3.into();
    let plan = planned(&world, &fields);
    let reported: Vec<&str> = plan["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|warning| warning["message"].as_str())
        .collect();
    for message in [
        "per_gpu_train_batch_size is the former name of per_device_train_batch_size, and is read as it.",
        "evaluation_strategy is the former name of eval_strategy, and is read as it.",
        "learning_rte is no setting of transformers or trl, and a run with it stops as soon as it starts. Did you mean learning_rate?",
    ] {
        assert!(reported.contains(&message), "{message}: {reported:?}");
    }
    assert_eq!((&plan["problems"], &plan["steps"]), (&json!([]), &json!(21)), "the batch of the former name");
    assert_eq!(
        planned_arguments(&plan)["per_gpu_train_batch_size"],
        4,
        "as the worker's libraries may know it"
    );
    let started = world.fts.run(&["train", "--wait", "--data", &fields.to_string()]);
    assert!(started.err.contains("training_arguments_config: learning_rte is no setting"), "{}", started.err);
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
