//! Trainings in several processes, planned on machines of many kinds.

use serde_json::{Value, json};

use crate::world::World;

/// A world whose Python sees so many GPUs and has these packages.
fn world_with_gpus(count: usize, packages: &Value) -> World {
    let gpu = json!({"kind": "cuda", "name": "GPU", "memory_bytes": 16_000_000_000_u64});
    let report = json!({
        "python": "3.12.1", "packages": packages, "missing": [], "accelerators": vec![gpu; count],
    });
    let world = World::new();
    let python = world.fts.script("python3", format!("#!/bin/sh\ncat <<'END'\n{report}\nEND\n"));
    let world = World { fts: world.fts.with_variable("FINE_TUNING_STUDIO_WORKER", ""), ..world };
    world.fts.json(&["env", "use", &python]);
    world
}

/// The plan of a training with these fields, and training arguments.
fn planned(world: &World, changes: &Value, arguments: &Value) -> Value {
    let mut fields = world.training("tickets-1", &json!({}));
    let fields = fields.as_object_mut().expect("fields");
    fields.insert("training_arguments_config".to_owned(), arguments.to_string().into());
    fields.extend(changes.as_object().expect("changes").clone());
    let data = Value::Object(fields.clone()).to_string();
    let run = world.fts.run(&["run", "train", "--dry-run", "--json", "--data", &data]);
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("no plan: {}", run.err))
}

/// The columns of the problems, and the first sentence.
fn problems(plan: &Value) -> (Vec<String>, String) {
    let text = |problem: &Value, key: &str| problem[key].as_str().expect("a text").to_owned();
    let all = plan["problems"].as_array().expect("problems");
    (
        all.iter().map(|problem| text(problem, "column")).collect(),
        all.first().map(|problem| text(problem, "message")).unwrap_or_default(),
    )
}

#[test]
fn as_many_gpus_train_as_are_asked_for_and_no_more_than_there_are() {
    let world = world_with_gpus(2, &json!({}));
    let batch = json!({"per_device_train_batch_size": 3, "gradient_accumulation_steps": 2});
    let plan = |changes| planned(&world, &changes, &batch);

    let one = plan(json!({}));
    assert_eq!((&one["processes"], &one["devices"]), (&json!(1), &json!([])), "{one}");
    // 27 of the 30 rows, 6 a step.
    assert_eq!((&one["steps"], &one["rows_a_step"]), (&json!(5), &json!(6)));
    assert_eq!((one["most_processes"].as_u64(), one["gpus"].as_array().map(Vec::len)), (Some(2), Some(2)));

    for asked in [json!({"num_gpu": 2}), json!({"num_workers": 2}), json!({"num_workers": 2, "num_gpu": 1})] {
        let two = plan(asked);
        assert_eq!(problems(&two).0, [""; 0], "{two}");
        assert_eq!((&two["processes"], &two["devices"]), (&json!(2), &json!([0, 1])));
        assert_eq!((&two["steps"], &two["rows_a_step"]), (&json!(3), &json!(12)));
        assert_eq!(two["device"], "2 × GPU");
        assert_eq!(two["memory_bytes"], 16_000_000_000_u64);
    }

    let three = problems(&plan(json!({"num_gpu": 3})));
    assert_eq!(
        three,
        (vec!["num_gpu".to_owned()], "3 GPUs are asked for, and this machine has 2.".to_owned())
    );
    assert_eq!(problems(&plan(json!({"num_workers": 2, "num_gpu": 2}))).0, ["num_workers"]);

    let second = plan(json!({"devices": [1]}));
    assert_eq!((&second["processes"], &second["devices"]), (&json!(1), &json!([1])));
    assert_eq!(plan(json!({"devices": [1, 0]}))["processes"], 2);
    for wrong in [json!({"devices": [2]}), json!({"devices": [1, 1]}), json!({"devices": [1], "num_gpu": 2})]
    {
        assert_eq!(problems(&plan(wrong)).0, ["devices"]);
    }
    let processor = planned(&world, &json!({"num_gpu": 2}), &json!({"use_cpu": true}));
    assert!(problems(&processor).1.ends_with("(use_cpu)."), "{processor}");
}

#[test]
fn the_processor_trains_in_no_more_processes_than_it_has_cores() {
    let world = World::new();
    let plan = |workers: u64| planned(&world, &json!({"num_workers": workers}), &json!({"max_length": 64}));
    let most = plan(1)["most_processes"].as_u64().expect("a number");
    let all = plan(most);
    assert_eq!((problems(&all).0, &all["processes"]), (vec![], &json!(most)), "{all}");
    let more = problems(&plan(most + 1));
    assert_eq!(more.0, ["num_workers"]);
    assert!(more.1.contains(&format!("has {most} cores")), "{}", more.1);
    // All of them hold the model.
    let memory = |plan: &Value| plan["estimate"]["memory_bytes"].as_u64().expect("an estimate");
    assert!(memory(&all) >= most * memory(&plan(1)));

    let fields = json!({"adapter_name": "tickets-1", "num_workers": most});
    let mut training = world.training("tickets-1", &json!({}));
    training.as_object_mut().expect("fields").extend(fields.as_object().expect("fields").clone());
    let run = world.fts.json(&["run", "train", "--wait", "--data", &training.to_string()]);
    let report = world.fts.json(&["run", "show", run["id"].as_str().expect("an id")]);
    assert_eq!(report["specification"]["processes"], most);
}

#[test]
fn what_fsdp_and_deepspeed_lack_is_said_before_the_start() {
    let two = world_with_gpus(2, &json!({}));
    let refused = |world: &World, gpus: u64, arguments: Value| {
        let plan = planned(world, &json!({"num_gpu": gpus}), &arguments);
        let (columns, message) = problems(&plan);
        assert!(columns.iter().all(|column| column == "training_arguments_config"), "{plan}");
        message
    };
    let deepspeed = json!({"deepspeed": {"zero_optimization": {"stage": 2}}});
    let message = refused(&two, 2, deepspeed.clone());
    assert!(message.starts_with("DeepSpeed needs the package 'deepspeed'"), "{message}");
    let fsdp = json!({"fsdp": true, "fsdp_config": {"version": 2}});
    assert!(refused(&two, 1, fsdp.clone()).contains("among GPUs, and one trains"));
    assert_eq!(refused(&two, 2, fsdp.clone()), "");
    let nowhere = json!({"fsdp": true, "fsdp_config": "fsdp.json"});
    assert!(refused(&two, 2, nowhere).contains("the file fsdp.json, which is not there"));
    assert!(refused(&World::new(), 0, fsdp).contains("among CUDA devices, and none trains here"));

    let with_package = world_with_gpus(2, &json!({"deepspeed": "0.18.0"}));
    let plan = planned(&with_package, &json!({"num_gpu": 2}), &deepspeed);
    assert_eq!(problems(&plan).0, [""; 0], "{plan}");
    assert!(plan["warnings"].to_string().contains("it starts anew"), "{plan}");
}
