//! Conversations, preferences and the choices of a training.

use std::{fs, path::PathBuf};

use serde_json::{Map, Value, json};
use stories::samples;

use crate::world::World;

/// A template with an end of each turn, as many models have it.
pub(crate) const TEMPLATE: &str = "{% for message in messages %}<|im_start|>{{ message['role'] }}\n\
    {{ message['content'] }}<|im_end|>\n{% endfor %}\
    {% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

const ARGUMENTS: &str = "training_arguments_config";

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

fn planned(world: &World, choices: &Value) -> Value {
    let data = fields(world, choices).to_string();
    let answer = world.fts.run(&["train", "--dry-run", "--data", &data]);
    serde_json::from_str(&answer.out).expect("a plan")
}

fn refused(world: &World, choices: &Value) -> Vec<(String, String)> {
    let plan = planned(world, choices);
    let text = |problem: &Value, key: &str| problem[key].as_str().expect("a text").to_owned();
    let problems = plan["problems"].as_array().expect("problems").iter();
    problems.map(|problem| (text(problem, "column"), text(problem, "message"))).collect()
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

/// What of a row's text carries loss.
fn learned(row: &Value) -> Vec<String> {
    let text: Vec<char> = row["text"].as_str().expect("a text").chars().collect();
    let place = |number: &Value| usize::try_from(number.as_u64().expect("a place")).expect("a place");
    let spans = row["loss"].as_array().expect("spans").iter();
    spans.map(|span| text[place(&span[0])..place(&span[1])].iter().collect()).collect()
}

fn preview(world: &World, row: &Value, more: &[&str]) -> Value {
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
fn conversations_are_trained_as_they_are_shown() {
    let world = world(&chats(10));
    let plan = planned(&world, &json!({}));
    assert_eq!(plan["problems"], json!([]), "{plan}");
    let filled = json!({
        "method": "sft", "row_format": "conversation", "rating_column": null, "rating_threshold": null,
        "chat_template": "model", "train_on": "assistant_turns", "tuning": "lora",
    });
    assert_eq!(plan["choices"], filled);
    let id = trained(&world, &json!({"system_prompt": "Kurz."}));
    let (job, rows) = (job(&world, &id), rows(&world, &id, "train.jsonl"));
    assert_eq!((&job["chat"]["template"]["text"], &job["prompt"]), (&json!(TEMPLATE), &Value::Null));
    assert_eq!(rows.len(), 9);
    for row in &rows {
        let n = row["row"].as_u64().expect("a number") - 1;
        assert_eq!(learned(row), [format!("Ja {n}.<|im_end|>"), "No.<|im_end|>".to_owned()]);
        let shown = preview(&world, &row["row"], &["--system-prompt", "Kurz."]);
        let text = &shown["texts"][0];
        assert_eq!((&text["text"], &text["loss"]), (&row["text"], &row["loss"]));
        let said: Vec<&str> = text["messages"]
            .as_array()
            .expect("messages")
            .iter()
            .filter_map(|m| m["role"].as_str())
            .collect();
        assert_eq!(said, ["system", "user", "assistant", "user", "assistant"]);
    }
    assert_eq!(rows[0].as_object().expect("a row").keys().collect::<Vec<_>>(), ["row", "text", "loss"]);
    let last = trained(&world, &json!({"adapter_name": "chat-2", "train_on": "last_turn"}));
    assert_eq!(learned(&self::rows(&world, &last, "train.jsonl")[0]), ["No.<|im_end|>"]);
}

#[test]
fn an_instruction_is_a_conversation_where_the_model_has_a_template() {
    let world = world(&vec![row_of_alpaca(); 10]);
    let id = trained(&world, &json!({}));
    let text = "<|im_start|>user\nAdd.\n\n1 1<|im_end|>\n<|im_start|>assistant\n2<|im_end|>\n";
    assert_eq!(rows(&world, &id, "train.jsonl")[0]["text"], text);
    // A chosen prompt is trained with as it is.
    let prompt = world.fts.create(
        "prompts",
        &json!({"name": "Own", "dataset_id": world.dataset, "input_template": "{input}", "completion_template": "{output}"}),
    );
    let id = trained(&world, &json!({"adapter_name": "chat-2", "prompt_id": prompt}));
    let first = &rows(&world, &id, "train.jsonl")[0];
    assert_eq!((&first["prompt"], &first["completion"]), (&json!("1 1"), &json!("2")));
    assert_eq!(job(&world, &id)["chat"], Value::Null);
    let bare = with_rows(World::new(), &vec![row_of_alpaca(); 10]);
    let problems = refused(&bare, &json!({}));
    assert_eq!(columns(&problems), ["prompt_id"]);
    assert!(problems[0].1.contains("or the row format Conversation"), "{problems:?}");
    let tokens = PathBuf::from(bare.fts.path("model")).join("tokenizer_config.json");
    fs::write(tokens, "{\"eos_token\": \"</s>\"}").expect("the tokens can be written");
    let plain = planned(&bare, &json!({"row_format": "conversation", "chat_template": "plain"}));
    assert_eq!((&plain["problems"], &plain["choices"]["chat_template"]), (&json!([]), &json!("plain")));
}

#[test]
fn a_model_without_a_template_takes_plain_roles_and_says_so() {
    let chat = json!({"messages": [
        {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"},
    ]});
    let world = with_rows(World::new(), &vec![chat; 10]);
    let tokens = PathBuf::from(world.fts.path("model")).join("tokenizer_config.json");
    fs::write(tokens, "{\"eos_token\": \"</s>\"}").expect("the tokens can be written");
    let plan = planned(&world, &json!({}));
    assert_eq!((&plan["problems"], &plan["choices"]["chat_template"]), (&json!([]), &json!("plain")));
    let warned = plan["warnings"].as_array().expect("warnings").iter();
    let warned: Vec<&Value> = warned.filter(|warning| warning["column"] == "chat_template").collect();
    assert_eq!(warned.len(), 1, "{plan}");
    let message = warned[0]["message"].as_str().expect("a message");
    assert!(
        message.starts_with("'Tiny' has no chat template. Plain roles write its conversations"),
        "{message}"
    );
    let id = trained(&world, &json!({}));
    assert_eq!(rows(&world, &id, "train.jsonl")[0]["text"], "User: Hi\nAssistant: Hello</s>\n");
    assert_eq!(job(&world, &id)["chat"]["template"]["name"], "plain");
    // It is a choice like any other.
    let headings = planned(&world, &json!({"adapter_name": "chat-2", "chat_template": "headings"}));
    assert_eq!(
        (&headings["problems"], &headings["choices"]["chat_template"]),
        (&json!([]), &json!("headings"))
    );
    assert!(!headings["warnings"].to_string().contains("has no chat template"), "{headings}");
}

#[test]
fn instructions_taken_as_turns_need_no_template_of_the_model() {
    let answer = json!({"prompt": "Add.\n\n1 1", "completion": "2"});
    for row in [row_of_alpaca(), answer] {
        let world = with_rows(World::new(), &vec![row; 10]);
        let choices = json!({"row_format": "conversation"});
        // No token ends an answer: no template of ours can be used, and the reason is told.
        let problems = refused(&world, &choices);
        assert_eq!(columns(&problems), ["chat_template"]);
        assert!(problems[0].1.contains("The tokenizer has no end token"), "{problems:?}");
        let tokens = PathBuf::from(world.fts.path("model")).join("tokenizer_config.json");
        fs::write(tokens, "{\"eos_token\": \"</s>\"}").expect("the tokens can be written");
        let plan = planned(&world, &choices);
        assert_eq!((&plan["problems"], &plan["choices"]["chat_template"]), (&json!([]), &json!("plain")));
        assert!(plan["warnings"].to_string().contains("'Tiny' has no chat template. Plain roles"), "{plan}");
        let id = trained(&world, &choices);
        let row = &rows(&world, &id, "train.jsonl")[0];
        assert_eq!(row["text"], "User: Add.\n\n1 1\nAssistant: 2</s>\n");
        assert_eq!(learned(row), [" 2</s>"]);
        // The template goes with the run: the worker looks for none in the model.
        let spec = job(&world, &id);
        assert_eq!(spec["chat"]["template"]["name"], "plain");
        assert!(spec["chat"]["template"]["text"].as_str().is_some_and(|text| text.contains("eos_token")));
    }
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

fn row_of_alpaca() -> Value {
    json!({"instruction": "Add.", "input": "1 1", "output": "2"})
}

fn columns(problems: &[(String, String)]) -> Vec<&str> {
    problems.iter().map(|(column, _)| column.as_str()).collect()
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
    let unlabelled = self::world(&vec![json!({"prompt": "Hi", "completion": "Hello"}); 10]);
    let problems = refused(&unlabelled, &json!({"method": "kto"}));
    assert_eq!(columns(&problems), ["rating_column"]);
    assert!(problems[0].1.contains("'label' is missing"), "{problems:?}");
    assert_eq!(planned(&world, &json!({}))["choices"]["method"], "kto", "labels tell the method");
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
fn rows_that_can_not_be_rendered_are_left_out_and_counted() {
    let mut chats = chats(10);
    chats[3] =
        json!({"conversations": [{"from": "human", "value": "Hi"}, {"from": "someone", "value": "?"}]});
    let world = world(&chats);
    let plan = planned(&world, &json!({}));
    assert_eq!(plan["problems"], json!([]));
    let warning = plan["warnings"][0]["message"].as_str().expect("a text");
    assert!(
        warning.starts_with("1 of the first 10 rows") && warning.contains("Row 4: Message 2"),
        "{warning}"
    );
    let id = trained(&world, &json!({}));
    let counts = &job(&world, &id)["rows"];
    assert_eq!(counts, &json!({"train": 8, "eval": 1, "left_out": 1}));
    assert!(rows(&world, &id, "train.jsonl").iter().all(|row| row["row"] != 4));
}

#[test]
fn what_does_not_fit_is_refused_by_its_field() {
    let world = world(&chats(10));
    let other = world
        .fts
        .create("models", &json!({"type": "project", "name": "Other", "location": world.fts.path("model")}));
    samples::adapter(world.fts.path("adapter").as_ref(), &world.fts.path("model"));
    let adapter = world.fts.create(
        "adapters",
        &json!({"type": "project", "name": "Of another", "model_id": other, "location": world.fts.path("adapter")}),
    );
    let prompt = world.fts.create(
        "prompts",
        &json!({
            "name": "Own", "dataset_id": world.dataset, "input_template": "{conversations}",
            "completion_template": "{conversations}",
        }),
    );
    let cases = [
        (json!({"method": "dpo", "row_format": "conversation"}), vec!["row_format"]),
        (json!({"method": "dpo"}), vec!["dataset_id"]),
        (json!({"row_format": "preference", "method": "sft"}), vec!["row_format", "dataset_id"]),
        (json!({"prompt_id": prompt, "row_format": "conversation"}), vec!["prompt_id"]),
        (json!({"chat_template": "/no/such/file"}), vec!["chat_template"]),
        (json!({"chat_template": "none"}), vec!["chat_template"]),
        (json!({"train_test_split": 1, "early_stopping_patience": 2}), vec!["early_stopping_patience"]),
        (json!({"early_stopping_patience": 0}), vec!["early_stopping_patience"]),
        (json!({"adapter_init": "nowhere"}), vec!["adapter_init"]),
        (json!({"adapter_init": adapter}), vec!["adapter_init"]),
        (json!({"tuning": "full", "lora_config": "{\"r\": 8}"}), vec!["lora_config"]),
        (json!({"tuning": "full", "adapter_init": adapter}), vec!["adapter_init"]),
        (json!({"training_arguments_config": r#"{"packing": true, "max_length": null}"#}), vec![ARGUMENTS]),
        (
            json!({"tuning": "full", "training_arguments_config": r#"{"loraplus_lr_ratio": 4}"#}),
            vec![ARGUMENTS],
        ),
        (json!({"lora_config": r#"{"init_lora_weights": "eva"}"#}), vec!["lora_config"]),
        (json!({"lora_config": r#"{"rank_pattern": {"q_proj": 0}}"#}), vec!["lora_config"]),
        (
            json!({"user_script": world.fts.file("train.py", ""), "method": "sft"}),
            vec!["prompt_id", "method"],
        ),
    ];
    for (choices, wanted) in cases {
        let problems = refused(&world, &choices);
        assert_eq!(columns(&problems), wanted, "{choices}: {problems:?}");
        assert!(problems.iter().all(|(_, message)| message.ends_with('.')), "{problems:?}");
    }
    let unknown =
        world.fts.refused(&["train", "--data", &fields(&world, &json!({"method": "ppo"})).to_string()]);
    assert_eq!(unknown.columns, ["method"]);
}

#[test]
fn what_supervised_fine_tuning_alone_takes_is_refused_elsewhere_or_warned_of() {
    let world = world(&vec![json!({"prompt": "Hi", "chosen": "Hello", "rejected": "Go"}); 10]);
    let packed = json!({"training_arguments_config": r#"{"packing": true}"#});
    assert_eq!(columns(&refused(&world, &packed)), [ARGUMENTS]);
    let noisy = planned(&world, &json!({"training_arguments_config": r#"{"neftune_noise_alpha": 5}"#}));
    assert_eq!((&noisy["problems"], &noisy["warnings"][0]["column"]), (&json!([]), &json!(ARGUMENTS)));
}

#[test]
fn each_setting_is_in_the_specification_of_the_run() {
    let world = world(&chats(10));
    let arguments = json!({
        "num_train_epochs": 1, "learning_rate": 1e-4, "lr_scheduler_type": "cosine", "label_smoothing_factor": 0.1,
        "neftune_noise_alpha": 5, "packing": true, "max_length": 64, "eval_strategy": "steps", "eval_steps": 5,
        "save_strategy": "steps", "save_steps": 5, "load_best_model_at_end": true, "loraplus_lr_ratio": 4,
    });
    let lora = json!({
        "r": 4, "use_dora": true, "use_rslora": true, "init_lora_weights": "orthogonal",
        "modules_to_save": ["embed_tokens"], "rank_pattern": {"q_proj": 8}, "alpha_pattern": {"q_proj": 16},
        "target_modules": ["q_proj"],
    });
    let given = json!({
        "training_arguments_config": arguments.to_string(), "lora_config": lora.to_string(),
        "early_stopping_patience": 2, "num_epochs": null, "learning_rate": null,
    });
    let job = job(&world, &trained(&world, &given));
    for (name, value) in arguments.as_object().expect("arguments") {
        assert_eq!(&job["training_arguments"][name], value, "{name}");
    }
    assert_eq!((&job["lora"], &job["early_stopping_patience"]), (&lora, &json!(2)));
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
fn a_conversation_is_evaluated_by_its_last_answer() {
    let world = world(&chats(10));
    let id = trained(&world, &json!({"system_prompt": "Kurz."}));
    let adapter = world.fts.get("fine_tuning_jobs", &id)["adapter_id"].clone();
    let evaluation = json!({
        "dataset_id": world.dataset,
        "model_adapter_combinations": [{"base_model_id": world.model, "adapter_id": adapter}],
    });
    let run = world.fts.json(&["evaluate", "--wait", "--data", &evaluation.to_string()]);
    assert_eq!(run["state"], "succeeded", "{run}");
    let id = run["id"].as_str().expect("an id");
    let row = rows(&world, id, "eval.jsonl")[0].clone();
    let prompt = row["prompt"].as_str().expect("a text");
    assert!(prompt.starts_with("<|im_start|>system\nKurz.<|im_end|>\n"), "{prompt}");
    assert!(prompt.ends_with("<|im_start|>user\nAnd?<|im_end|>\n<|im_start|>assistant\n"), "{prompt}");
    assert_eq!(row["expected"], "No.");
    assert_eq!(job(&world, id)["combinations"][0]["chat"]["template"]["text"], TEMPLATE);
}

#[test]
fn tokens_that_the_model_never_learned_are_told() {
    let chat = json!({"messages": [
        {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"},
    ]});
    let world = world(&vec![chat; 10]);
    let folder = PathBuf::from(world.fts.path("model"));
    let added = |start: u32| {
        let token = |id: u32, content: &str| {
            json!({"id": id, "content": content, "special": true, "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false})
        };
        // Added tokens come behind those of the vocabulary.
        let words: Map<String, Value> = (1..start).map(|id| (format!("w{id}"), id.into())).collect();
        let mut vocabulary = json!({"?": 0});
        vocabulary.as_object_mut().expect("words").extend(words);
        let tokenizer = json!({
            "version": "1.0", "pre_tokenizer": {"type": "WhitespaceSplit"},
            "added_tokens": [token(start, "<|im_start|>"), token(start + 1, "<|im_end|>")],
            "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "?"},
        });
        fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).expect("it can be written");
    };
    let of_lora = |plan: &Value| {
        let warnings = plan["warnings"].as_array().expect("warnings").iter();
        let of_lora = warnings.filter(|warning| warning["column"] == "lora_config");
        of_lora.map(|warning| warning["message"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    // The model has embeddings for six tokens, and its own template writes these.
    added(4);
    let own = planned(&world, &json!({}));
    assert_eq!((own["problems"].clone(), of_lora(&own).len()), (json!([]), 0), "{own}");
    let file = world.fts.file("chat.jinja", TEMPLATE);
    fs::remove_file(folder.join("chat_template.jinja")).expect("the model's own can be removed");
    let choices = json!({"chat_template": file});
    let told = of_lora(&planned(&world, &choices));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("the tokens <|im_start|> and <|im_end|>, which 'Tiny' has a place for"),
        "{told:?}"
    );
    assert!(told[0].contains("\"trainable_token_indices\": [4, 5]"), "{told:?}");
    let trained =
        json!({"chat_template": file, "lora_config": r#"{"r": 2, "trainable_token_indices": [4, 5]}"#});
    assert!(!of_lora(&planned(&world, &trained)).iter().any(|text| text.contains("may never have learned")));
    added(6);
    let beyond = refused(&world, &choices);
    assert_eq!(columns(&beyond), ["chat_template"]);
    let said = "The rows have the tokens <|im_start|> and <|im_end|>, and 'Tiny' has embeddings for 6 tokens, not for \
                these.";
    assert!(beyond[0].1.starts_with(said), "{beyond:?}");
}
