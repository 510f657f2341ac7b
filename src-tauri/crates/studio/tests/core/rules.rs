//! What each resource asks of a row, and what all have in common.

use serde_json::{Value, json};
use studio::datasets::{LatestScan, Scanner};
use studio::resources::Described as _;
use studio::{ErrorCode, platform::Work, schema::TableName, store::Store};
use tokio_util::sync::CancellationToken;

use crate::world::{World, columns, id, row};

#[tokio::test]
async fn names_are_trimmed_once_and_unique() {
    let world = World::new().await;
    let fields =
        |name: &str, hub: &str| json!({"type": "huggingface", "name": name, "huggingface_model_name": hub});
    let made = world.create(TableName::Models, fields("  Tiny  ", " lab/tiny\n")).await.unwrap();
    assert_eq!(
        (&made.row["name"], &made.row["huggingface_model_name"]),
        (&json!("Tiny"), &json!("lab/tiny"))
    );
    let error = world.create(TableName::Models, fields("\tTiny", "lab/other")).await.unwrap_err();
    assert_eq!((error.code, columns(&error)), (ErrorCode::Conflict, vec!["name"]));
    let error = world.create(TableName::Models, fields("Other", "lab/tiny")).await.unwrap_err();
    assert_eq!(columns(&error), ["huggingface_model_name"]);
    // Its own name is no conflict.
    let same = row(json!({"name": "Tiny ", "description": "small"}));
    world.studio.rows().update(TableName::Models, &id(&made), same).await.unwrap();
    assert_eq!(uuid::Uuid::parse_str(&id(&made)).unwrap().get_version_num(), 4);
}

#[tokio::test]
async fn names_stay_unique_when_many_create_at_once() {
    let world = World::new().await;
    let creating: Vec<_> = (0..12)
        .map(|n| {
            let studio = world.studio.clone();
            let fields =
                json!({"type": "huggingface", "name": "same", "huggingface_model_name": format!("lab/{n}")});
            tokio::spawn(async move { studio.rows().create(TableName::Models, row(fields)).await.is_ok() })
        })
        .collect();
    let mut made = 0;
    for creation in creating {
        made += usize::from(creation.await.unwrap());
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn all_problems_are_named_at_once() {
    let world = World::new().await;
    let error = world
        .create(
            TableName::FineTuningJobs,
            json!({"num_cpu": 0, "learning_rate": 0.0, "train_test_split": 1.5, "num_gpu": -1, "colour": 1}),
        )
        .await
        .unwrap_err();
    let mut at_fault = columns(&error);
    at_fault.sort_unstable();
    assert_eq!(at_fault, ["colour", "learning_rate", "num_cpu", "num_gpu", "train_test_split"]);
    let error = world.create(TableName::FineTuningJobs, json!({})).await.unwrap_err();
    assert_eq!(columns(&error), ["base_model_id", "dataset_id", "adapter_name"]);
    assert!(world.studio.workspace().await.unwrap().counts.iter().all(|count| count.rows == 0));
}

#[tokio::test]
async fn missing_references_are_null_and_wrong_ones_refused() {
    let world = World::new().await;
    let model = world.model().await;
    let fields = json!({
        "type": "huggingface", "huggingface_name": "lab/adapter", "model_id": model,
        "prompt_id": "", "fine_tuning_job_id": "  ",
    });
    let adapter = world.create(TableName::Adapters, fields).await.unwrap();
    assert_eq!((&adapter.row["prompt_id"], &adapter.row["fine_tuning_job_id"]), (&Value::Null, &Value::Null));
    let wrong = row(json!({"prompt_id": "nobody"}));
    let error = world.studio.rows().update(TableName::Adapters, &id(&adapter), wrong).await.unwrap_err();
    assert_eq!(columns(&error), ["prompt_id"]);
}

#[tokio::test]
async fn models_and_adapters_follow_their_type() {
    let world = World::new().await;
    let error = world.create(TableName::Models, json!({"type": "huggingface"})).await.unwrap_err();
    assert_eq!(columns(&error), ["name", "huggingface_model_name"]);
    for bad in ["https://hub/lab/tiny", "lab/tiny/more", "my model", "lab/"] {
        let fields = json!({"type": "huggingface", "huggingface_model_name": bad});
        assert_eq!(
            columns(&world.create(TableName::Models, fields).await.unwrap_err()),
            ["huggingface_model_name"]
        );
    }
    let nowhere = world.path("nowhere").display().to_string();
    let fields = json!({"type": "project", "name": "mine", "location": nowhere});
    assert_eq!(columns(&world.create(TableName::Models, fields).await.unwrap_err()), ["location"]);
    let fields = json!({"type": "project", "name": "mine", "location": world.folder.path()});
    world.create(TableName::Models, fields).await.unwrap();
    let fields = json!({"type": "model_registry", "name": "r", "cml_registered_model_id": "abc"});
    let model = id(&world.create(TableName::Models, fields).await.unwrap());

    let file = world.file("file", "");
    let fields = json!({"type": "project", "name": "a", "model_id": model, "location": file});
    assert_eq!(columns(&world.create(TableName::Adapters, fields).await.unwrap_err()), ["location"]);
    let fields = json!({"type": "huggingface", "huggingface_name": "lab/a"});
    assert_eq!(columns(&world.create(TableName::Adapters, fields).await.unwrap_err()), ["model_id"]);
}

#[tokio::test]
async fn datasets_read_their_columns() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let dataset = world.studio.store().get(TableName::Datasets, &dataset).await.unwrap();
    assert_eq!(dataset.row["features"], r#"["question", "answer"]"#);
    let fields = json!({"type": "project_csv", "name": "f", "location": world.folder.path()});
    let error = world.create(TableName::Datasets, fields).await.unwrap_err();
    assert_eq!(columns(&error), ["type", "location"], "a folder is no CSV file");
    let gone = json!({"type": "project_csv", "name": "g", "location": world.path("gone.csv")});
    let error = world.create(TableName::Datasets, gone).await.unwrap_err();
    assert_eq!((error.code, columns(&error)), (ErrorCode::NotFound, vec!["location"]));
    let wrong = json!({"type": "project_json", "name": "g", "location": world.path("rows.csv")});
    assert_eq!(columns(&world.create(TableName::Datasets, wrong).await.unwrap_err())[0], "type");
    let hub = json!({"type": "huggingface", "huggingface_name": "lab/rows"});
    assert_eq!(world.create(TableName::Datasets, hub).await.unwrap().row["name"], "lab/rows");
}

#[tokio::test]
async fn prompts_name_columns_of_their_dataset() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let prompt = world.prompt(&dataset).await;
    let prompt = world.studio.store().get(TableName::Prompts, &prompt).await.unwrap();
    assert_eq!(prompt.row["prompt_template"], "Q: {question}\nA: {answer}", "white space counts");
    let fields = json!({
        "name": "wrong", "dataset_id": dataset,
        "input_template": "{questoin}", "completion_template": "{answer.upper}",
    });
    let error = world.create(TableName::Prompts, fields).await.unwrap_err();
    assert_eq!(
        columns(&error),
        ["input_template", "completion_template"],
        "the composed text is not at fault"
    );
    assert!(error.message.contains("{questoin}") && error.message.contains("{question}?"), "{error}");

    // The composed training text follows its parts; one's own stays.
    let input = row(json!({"input_template": "{question} "}));
    let changed = world.studio.rows().update(TableName::Prompts, &id(&prompt), input.clone()).await.unwrap();
    assert_eq!(changed.row["prompt_template"], "{question} {answer}");
    let own = row(json!({"prompt_template": "own {answer}", "input_template": "x {question}"}));
    let changed = world.studio.rows().update(TableName::Prompts, &id(&prompt), own).await.unwrap();
    assert_eq!(changed.row["prompt_template"], "own {answer}");
    let changed = world.studio.rows().update(TableName::Prompts, &id(&prompt), input).await.unwrap();
    assert_eq!(changed.row["prompt_template"], "own {answer}");
}

#[tokio::test]
async fn configs_parse_and_equals_are_recognized() {
    let world = World::new().await;
    let fields =
        |kind: &str, config: &str| row(json!({"type": kind, "description": "mine", "config": config}));
    let create = async |kind: &str, config: &str| {
        world.studio.rows().create(TableName::Configs, fields(kind, config)).await
    };
    let first = create("lora_config", r#"{"r": 8, "lora_dropout": 0}"#).await.unwrap();
    assert_eq!(first.row.row["description"], "mine");
    assert_eq!(first.row.row["is_default"], 0);
    let second = create("lora_config", "{\n \"lora_dropout\":0,\"r\":8}").await.unwrap();
    assert!(second.recognized && id(&second.row) == id(&first.row));
    for other in [r#"{"r": 8, "lora_dropout": 0.0}"#, r#"{"r": 8, "lora_dropout": 0, "mine": 1}"#] {
        assert!(!create("lora_config", other).await.unwrap().recognized, "{other}");
    }
    assert!(!create("custom", r#"{"r": 8, "lora_dropout": 0}"#).await.unwrap().recognized);
    for (kind, bad) in [
        ("lora_config", "{"),
        ("lora_config", "[1]"),
        ("axolotl", "a: [1"),
        ("axolotl", "- 1"),
        ("unheard", "{}"),
    ] {
        assert!(create(kind, bad).await.is_err(), "{kind} {bad}");
    }
    let yaml = create("axolotl", "# mine\nlora_r: 8\nbase_model:\n").await.unwrap();
    assert_eq!(yaml.row.row["config"], "# mine\nlora_r: 8\nbase_model:\n", "comments are the user's");
    assert!(create("axolotl", "base_model: null\nlora_r: 8").await.unwrap().recognized);
    let third = create("lora_config", r#"{"r": 16}"#).await.unwrap();
    let twin = row(json!({"config": r#"{"lora_dropout": 0, "r": 8}"#}));
    let error = world.studio.rows().update(TableName::Configs, &id(&third.row), twin).await.unwrap_err();
    assert_eq!(columns(&error), ["config"]);
}

#[tokio::test]
async fn jobs_hold_together() {
    let world = World::new().await;
    let (dataset, model) = (world.dataset().await, world.model().await);
    let prompt = world.prompt(&dataset).await;
    let job = |name: &str| json!({"base_model_id": model, "dataset_id": dataset, "prompt_id": prompt, "adapter_name": name});
    let made = world.create(TableName::FineTuningJobs, job("my-adapter-1")).await.unwrap();
    assert_eq!((&made.row["train_test_split"], &made.row["num_workers"]), (&json!(0.9), &json!(1)));
    assert_eq!(made.row["framework_type"], "legacy");
    for bad in ["my adapter", "a_b", "---"] {
        assert_eq!(
            columns(&world.create(TableName::FineTuningJobs, job(bad)).await.unwrap_err()),
            ["adapter_name"]
        );
    }
    assert!(
        world.create(TableName::FineTuningJobs, job("my-adapter-1")).await.is_err(),
        "another job has the name"
    );
    let adapter =
        json!({"type": "huggingface", "name": "taken", "huggingface_name": "lab/a", "model_id": model});
    let adapter = id(&world.create(TableName::Adapters, adapter).await.unwrap());
    assert_eq!(
        columns(&world.create(TableName::FineTuningJobs, job("taken")).await.unwrap_err()),
        ["adapter_name"]
    );

    let mut without = job("b");
    without["prompt_id"] = Value::Null;
    // Conversations have none; the start of a run asks for one where rows are filled into it.
    world.create(TableName::FineTuningJobs, without.clone()).await.unwrap();
    without["adapter_name"] = json!("d");
    without["framework_type"] = json!("axolotl");
    assert_eq!(
        columns(&world.create(TableName::FineTuningJobs, without).await.unwrap_err()),
        ["axolotl_config_id"]
    );
    let mut broken = job("c");
    broken["lora_config"] = json!("{");
    broken["out_dir"] = json!("/no/such/folder");
    assert_eq!(
        columns(&world.create(TableName::FineTuningJobs, broken).await.unwrap_err()),
        ["out_dir", "lora_config"]
    );

    let other = json!({"type": "huggingface", "huggingface_model_name": "lab/other"});
    let other = id(&world.create(TableName::Models, other).await.unwrap());
    let evaluation = |model: &str| json!({"base_model_id": model, "dataset_id": dataset, "prompt_id": prompt, "adapter_id": adapter});
    let error = world.create(TableName::EvaluationJobs, evaluation(&other)).await.unwrap_err();
    assert_eq!(columns(&error), ["adapter_id"]);
    world.create(TableName::EvaluationJobs, evaluation(&model)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_under_ones_hands_is_noticed() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let store = Store::open(world.studio.path()).await.unwrap();
    let other = world.file("other.csv", "a,b\n1,2\n");
    // While the new file is read, somebody renames the dataset.
    let (studio, id) = (world.studio.clone(), dataset.clone());
    let runtime = tokio::runtime::Handle::current();
    let work = Work::new(CancellationToken::new(), move |_| {
        let rows = studio.rows();
        let rename = rows.update(TableName::Datasets, &id, row(json!({"name": "renamed"})));
        runtime.block_on(rename).unwrap();
    });
    let fields = row(json!({"location": other}));
    let table = TableName::Datasets.table();
    let error = store
        .update(table, &dataset, fields.clone(), &Scanner::new(work, LatestScan::default()))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    let kept = world.studio.store().get(TableName::Datasets, &dataset).await.unwrap();
    assert_eq!(
        (&kept.row["name"], &kept.row["features"]),
        (&json!("renamed"), &json!(r#"["question", "answer"]"#))
    );
    let changed = store.update(table, &dataset, fields, &Scanner::unwatched()).await.unwrap();
    assert_eq!(changed.row["features"], r#"["a", "b"]"#);
}

#[tokio::test]
async fn rows_that_are_not_there_and_ids_that_never_change() {
    let world = World::new().await;
    let model = world.model().await;
    let fields = row(json!({"id": uuid::Uuid::new_v4().to_string()}));
    let error = world.studio.rows().update(TableName::Models, &model, fields).await.unwrap_err();
    assert_eq!(columns(&error), ["id"]);
    let error = world.studio.store().get(TableName::Models, "nobody").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    let error = world.studio.rows().update(TableName::Models, "nobody", row(json!({}))).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_second_row_has_a_name_of_its_own() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let prompt = world.prompt(&dataset).await;
    let copy = world.studio.rows().duplicate(TableName::Prompts, &prompt).await.unwrap().row;
    let again = world.studio.rows().duplicate(TableName::Prompts, &prompt).await.unwrap().row;
    assert_eq!((copy.label.as_str(), again.label.as_str()), ("ask copy", "ask copy 2"));
    assert_ne!(id(&copy), prompt);
    assert_eq!(copy.row["input_template"], "Q: {question}\nA: ");

    let error = world.studio.rows().duplicate(TableName::Prompts, "nobody").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    let model = world.model().await;
    let error = world.studio.rows().duplicate(TableName::Models, &model).await.unwrap_err();
    assert_eq!((error.code, columns(&error)), (ErrorCode::Conflict, vec!["huggingface_model_name"]));
    let config = json!({"type": "custom", "config": "{}"});
    let config = id(&world.create(TableName::Configs, config).await.unwrap());
    let error = world.studio.rows().duplicate(TableName::Configs, &config).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    assert!(error.hint.is_some(), "{error}");
}
