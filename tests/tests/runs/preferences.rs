//! Evaluations of preferences, of reward models, and of adapters with different chat templates.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    lengths,
    methods::{TEMPLATE, chats, job, rows, trained, with_rows, world},
    world::World,
};

fn preferences(count: usize) -> Vec<Value> {
    let row = |n: usize| json!({"prompt": format!("Hi {n}"), "chosen": "Hello", "rejected": "Go", "tone": n});
    (0..count).map(row).collect()
}

/// The adapter of a finished training, or the model where all of it was trained.
fn result_of(world: &World, run: &str, name: &str) -> Value {
    match world.fts.get("fine_tuning_jobs", run)["adapter_id"].clone() {
        Value::Null => world.fts.json(&["list", "models", "--search", name])["rows"][0]["id"].clone(),
        adapter => adapter,
    }
}

/// The fields of an evaluation of models, each alone or with an adapter.
fn evaluation(world: &World, combinations: &[(&str, Value)]) -> Value {
    let combinations =
        combinations.iter().map(|(model, adapter)| json!({"base_model_id": model, "adapter_id": adapter}));
    json!({
        "dataset_id": world.dataset, "model_adapter_combinations": combinations.collect::<Vec<_>>(),
    })
}

fn plan(world: &World, fields: &Value) -> Value {
    let answer = world.fts.run(&["evaluate", "--dry-run", "--data", &fields.to_string()]);
    serde_json::from_str(&answer.out).expect("a plan")
}

fn evaluated(world: &World, fields: &Value) -> String {
    let run = world.fts.json(&["evaluate", "--wait", "--data", &fields.to_string()]);
    assert_eq!(run["state"], "succeeded", "{run}");
    run["id"].as_str().expect("an id").to_owned()
}

fn numbers(results: &Value) -> Vec<u64> {
    results["rows"].as_array().expect("rows").iter().filter_map(|row| row["row"].as_u64()).collect()
}

#[test]
fn a_chosen_answer_is_compared_with_a_rejected_one() {
    let world = world(&preferences(40));
    let run = trained(&world, &json!({"training_arguments_config": r#"{"beta": 0.25, "fake": {}}"#}));
    let adapter = result_of(&world, &run, "chat-1");
    let mut fields = evaluation(&world, &[(&world.model, Value::Null), (&world.model, adapter)]);
    fields["selected_features"] = json!(["tone"]);
    fields["generation_config"] = json!({"fake": {"adapter_wrong": [1]}}).to_string().into();
    let planned = plan(&world, &fields);
    assert_eq!((&planned["row_format"], &planned["problems"]), (&json!("preference"), &json!([])));
    let judges: Vec<&Value> = planned["combinations"]
        .as_array()
        .expect("combinations")
        .iter()
        .map(|one| &one["judged_by"])
        .collect();
    assert_eq!(judges, ["likelihood", "reward"]);

    let id = evaluated(&world, &fields);
    let spec = job(&world, &id);
    assert_eq!(spec["row_format"], "preference");
    assert_eq!(
        (&spec["combinations"][0]["beta"], &spec["combinations"][1]["beta"]),
        (&Value::Null, &json!(0.25))
    );
    let asked = rows(&world, &id, "eval.jsonl");
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[0]["prompt"].as_str().expect("a text").matches("<|im_start|>").count(), 2);
    assert_eq!(
        (&asked[0]["chosen"], &asked[0]["rejected"]),
        (&json!("Hello<|im_end|>\n"), &json!("Go<|im_end|>\n"))
    );

    let results = |more: &[&str]| world.fts.json(&[&["run", "results", &id], more].concat());
    let all = results(&[]);
    assert_eq!((&all["total"], &all["format"]), (&json!(4), &json!("preference")));
    let first = &all["rows"][0];
    assert_eq!((&first["expected"], &first["rejected"]), (&asked[0]["chosen"], &asked[0]["rejected"]));
    assert_eq!(first["features"]["tone"].as_u64().map(|tone| tone + 1), first["row"].as_u64());
    assert_eq!(first["answers"], json!([null, null]));
    let (base, tuned) = (&first["judgments"][0], &first["judgments"][1]);
    assert_eq!((&base["right"], &base["answers"][0]["reward"]), (&json!(false), &Value::Null));
    let margin = first["row"].as_f64().expect("a number");
    assert_eq!((&tuned["right"], &tuned["margin"]), (&json!(true), &json!(margin)));
    assert_eq!(tuned["answers"][0]["reward"], json!(margin * 0.25));

    let wrong = numbers(&results(&["--filter", "better"]));
    let expected: Vec<u64> =
        numbers(&all).into_iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, row)| row).collect();
    assert_eq!(wrong, expected);
    let mut by_margin = expected;
    by_margin.sort_unstable();
    // The one that the adapter has wrong has a margin below 0.
    by_margin.insert(0, numbers(&all)[1]);
    assert_eq!(numbers(&results(&["--order", "least_margin"])), by_margin);
    by_margin.reverse();
    assert_eq!(numbers(&results(&["--order", "greatest_margin", "--rows", "2"])), by_margin[..2]);
    let shown = world.fts.run(&["run", "results", &id]).out;
    assert!(shown.contains("chosen") && shown.contains("rejected"), "{shown}");
    assert!(shown.contains("right +") && shown.contains("wrong -"), "{shown}");
}

#[test]
fn labeled_answers_are_evaluated_with_their_labels() {
    let row =
        |n: usize| json!({"prompt": "Hi", "completion": format!("Hello {n}"), "label": n.is_multiple_of(2)});
    let world = world(&(0..20).map(row).collect::<Vec<_>>());
    let run = trained(&world, &json!({"method": "kto"}));
    let adapter = result_of(&world, &run, "chat-1");
    let id = evaluated(&world, &evaluation(&world, &[(&world.model, adapter)]));
    for row in rows(&world, &id, "eval.jsonl") {
        assert_eq!(row["label"], json!(row["row"].as_u64().expect("a number") % 2 == 1), "{row}");
    }
    assert_eq!(job(&world, &id)["row_format"], "unpaired_preference");
    assert!(world.fts.json(&["run", "results", &id])["rows"][0]["label"].is_boolean());
}

#[test]
fn adapters_with_different_templates_are_evaluated_on_the_same_rows() {
    // Some conversations are taken by one template and refused by the other.
    let refusing = "{% for message in messages %}{% if '7?' in message['content'] %}\
        {{ raise_exception('No sevens.') }}{% endif %}[{{ message['content'] }}]{% endfor %}";
    let world = world(&chats(30));
    let file = world.fts.file("brackets.jinja", refusing);
    let own = trained(&world, &json!({"system_prompt": "Kurz.", "train_test_split": 0.5}));
    let other = trained(
        &world,
        &json!({
            "adapter_name": "chat-2", "chat_template": file, "train_on": "last_turn",
            "train_test_split": 0.5,
        }),
    );
    let [own, other] = [(own, "chat-1"), (other, "chat-2")].map(|(run, name)| result_of(&world, &run, name));
    let model = world.model.as_str();
    let fields = evaluation(&world, &[(model, Value::Null), (model, own), (model, other)]);
    let planned = plan(&world, &fields);
    assert_eq!(planned["problems"], json!([]));
    let templates = planned["combinations"].as_array().expect("combinations").iter();
    let templates: Vec<&str> = templates.filter_map(|one| one["chat_template"].as_str()).collect();
    assert_eq!(templates, ["model", "model", file.as_str()]);

    let id = evaluated(&world, &fields);
    let combinations = job(&world, &id)["combinations"].clone();
    // The base reads what its first adapter reads.
    assert_eq!(combinations[0]["chat"], combinations[1]["chat"]);
    assert_eq!(combinations[1]["chat"]["template"]["text"], TEMPLATE);
    assert_eq!((&combinations[1]["rows"], &combinations[2]["rows"]), (&Value::Null, &json!("eval-2.jsonl")));
    let (first, second) = (rows(&world, &id, "eval.jsonl"), rows(&world, &id, "eval-2.jsonl"));
    let numbered = |rows: &[Value]| rows.iter().map(|row| row["row"].clone()).collect::<Vec<_>>();
    assert_eq!(numbered(&first), numbered(&second));
    assert!(first[0]["prompt"].as_str().is_some_and(|text| text.starts_with("<|im_start|>system\nKurz.")));
    assert!(second[0]["prompt"].as_str().is_some_and(|text| text.starts_with("[Grüß")));
    // What one template refuses is left out for all.
    let sevens = first.iter().filter(|row| row["prompt"].as_str().is_some_and(|text| text.contains("7?")));
    assert_eq!(sevens.count(), 0);
    let row = world.fts.json(&["run", "results", &id])["rows"][0].clone();
    assert_eq!(row["prompt"], first[0]["prompt"]);
    assert_eq!(row["other_prompts"], json!([null, null, second[0]["prompt"]]));
}

#[test]
fn a_model_without_a_template_reads_conversations_as_plain_turns() {
    let world = with_rows(World::new(), &chats(10));
    fs::write(Path::new(&world.fts.path("model")).join("tokenizer_config.json"), r#"{"eos_token": "</s>"}"#)
        .expect("it can be written");
    let fields = evaluation(&world, &[(&world.model, Value::Null)]);
    let planned = plan(&world, &fields);
    assert_eq!(planned["combinations"][0]["chat_template"], "plain");
    let warned = planned["warnings"].to_string();
    assert!(warned.contains("'Tiny' has no chat template. It reads conversations as plain text"), "{warned}");
    let id = evaluated(&world, &fields);
    let row = rows(&world, &id, "eval.jsonl")[0].clone();
    assert!(row["prompt"].as_str().is_some_and(|text| text.contains("And?")), "{row}");
    assert_eq!(row["expected"], "No.");
}

#[test]
fn a_whole_model_is_compared_with_the_one_it_was_trained_from() {
    let world = world(&preferences(20));
    let run = trained(&world, &json!({"tuning": "full"}));
    let whole = result_of(&world, &run, "chat-1");
    let fields = evaluation(&world, &[(whole.as_str().expect("an id"), Value::Null)]);
    let planned = plan(&world, &fields);
    assert_eq!(planned["combinations"][0]["judged_by"], "reward");
    let id = evaluated(&world, &fields);
    let reference = job(&world, &id)["combinations"][0]["reference"].clone();
    assert_eq!(reference["id"], world.model.as_str());
    // Without its base there is nothing to compare with.
    fs::remove_dir_all(reference["source"].as_str().expect("a folder")).expect("it can be removed");
    assert_eq!(plan(&world, &fields)["combinations"][0]["judged_by"], "likelihood");
}

#[test]
fn a_reward_model_gives_scores_and_no_answers() {
    let world = world(&preferences(20));
    let run = trained(&world, &json!({"method": "reward"}));
    let adapter = result_of(&world, &run, "chat-1");
    let id = adapter.as_str().expect("an id");
    let description = world.fts.get("adapters", id)["description"].clone();
    assert_eq!(description, "A reward model: it gives scores for answers and writes none.");
    let mut fields = evaluation(&world, &[(&world.model, adapter.clone())]);
    assert_eq!(plan(&world, &fields)["combinations"][0]["judged_by"], "score");
    let prompt = world.fts.create(
        "prompts",
        &json!({
            "name": "Own", "dataset_id": world.dataset, "input_template": "{prompt}",
            "completion_template": "{chosen}",
        }),
    );
    fields["prompt_id"] = prompt.into();
    let refusal = world.fts.refused(&["evaluate", "--data", &fields.to_string()]);
    assert_eq!(refusal.columns, ["adapter_id"]);
    assert!(refusal.message.contains("'chat-1' is a reward model"), "{}", refusal.message);

    // Known by its files, where its training is not known.
    let folder = world.fts.get("adapters", id)["location"].as_str().expect("a folder").to_owned();
    let config = Path::new(&folder).join("adapter_config.json");
    let mut text: Value = serde_json::from_slice(&fs::read(&config).expect("a config")).expect("JSON");
    text["task_type"] = "SEQ_CLS".into();
    fs::write(&config, text.to_string()).expect("it can be written");
    let elsewhere = world.fts.create(
        "adapters",
        &json!({"type": "project", "name": "Elsewhere", "location": folder, "model_id": world.model}),
    );
    fields["model_adapter_combinations"] = json!([{"base_model_id": world.model, "adapter_id": elsewhere}]);
    let refusal = world.fts.refused(&["evaluate", "--data", &fields.to_string()]);
    assert!(refusal.message.contains("'Elsewhere' is a reward model"), "{}", refusal.message);
}

#[test]
fn a_model_is_expected_to_give_good_answers_alone() {
    let row =
        |n: usize| json!({"prompt": format!("Hi {n}"), "completion": "Hello", "label": n.is_multiple_of(3)});
    let world = world(&(0..40).map(row).collect::<Vec<_>>());
    let prompt = world.fts.create(
        "prompts",
        &json!({"name": "Own", "dataset_id": world.dataset, "input_template": "{prompt}", "completion_template": "{completion}"}),
    );
    for prompt in [Value::Null, prompt.into()] {
        let mut fields = evaluation(&world, &[(&world.model, Value::Null)]);
        fields["prompt_id"] = prompt;
        let warned = plan(&world, &fields)["warnings"].to_string();
        assert!(warned.contains("26 of the first 40 rows can't be evaluated and are left out"), "{warned}");
        assert!(warned.contains("a bad one by 'label', which no model is expected to give"), "{warned}");
        let id = evaluated(&world, &fields);
        let asked = rows(&world, &id, "eval.jsonl");
        assert!(!asked.is_empty());
        assert!(asked.iter().all(|row| row["row"].as_u64().expect("a number") % 3 == 1), "{asked:?}");
    }
    // A prompt may ask for the label itself.
    let judging = world.fts.create(
        "prompts",
        &json!({"name": "Judge", "dataset_id": world.dataset, "input_template": "{completion}", "completion_template": "{label}"}),
    );
    let mut fields = evaluation(&world, &[(&world.model, Value::Null)]);
    fields["prompt_id"] = judging.into();
    assert!(!plan(&world, &fields)["warnings"].to_string().contains("left out"));
}

#[test]
fn rows_that_a_model_has_no_room_for_are_named_before_the_start() {
    let row = |n: usize| json!({"prompt": "a ".repeat(n), "chosen": "b c", "rejected": "d"});
    let world = world(&(1..11).map(row).collect::<Vec<_>>());
    let folder = Path::new(&world.fts.path("model")).to_owned();
    fs::write(folder.join("tokenizer.json"), lengths::TOKENIZER).expect("a tokenizer can be written");
    let config = fs::read_to_string(folder.join("config.json")).expect("a configuration");
    let mut config: Value = serde_json::from_str(&config).expect("JSON");
    config["max_position_embeddings"] = 10.into();
    fs::write(folder.join("config.json"), config.to_string()).expect("it can be written");
    let fields = evaluation(&world, &[(&world.model, Value::Null)]);
    let warned = plan(&world, &fields)["warnings"].clone();
    let long = warned.as_array().expect("warnings").iter().find(|one| one["column"] == "base_model_id");
    // The template makes three words more of a row, and the chosen answer has two.
    let said = "'Tiny' has no room for 5 of the first 10 rows, which are left out: it reads and writes 10 tokens at \
                once, and row 6 needs 11.";
    assert_eq!(long.expect("a warning")["message"], said);
}
