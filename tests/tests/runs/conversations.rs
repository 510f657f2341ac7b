//! Trainings and evaluations of conversations by chat templates.

use std::{fs, path::PathBuf};

use serde_json::{Map, Value, json};

use crate::{
    methods::{TEMPLATE, chats, columns, job, planned, preview, refused, rows, trained, with_rows, world},
    world::World,
};

/// What of a row's text carries loss.
fn learned(row: &Value) -> Vec<String> {
    let text: Vec<char> = row["text"].as_str().expect("a text").chars().collect();
    let place = |number: &Value| usize::try_from(number.as_u64().expect("a place")).expect("a place");
    let spans = row["loss"].as_array().expect("spans").iter();
    spans.map(|span| text[place(&span[0])..place(&span[1])].iter().collect()).collect()
}

#[test]
fn instructions_taken_as_turns_need_no_template_of_the_model() {
    let answer = json!({"prompt": "Add.\n\n1 1", "completion": "2"});
    for row in [row_of_alpaca(), answer] {
        let world = with_rows(World::new(), &vec![row; 10]);
        let choices = json!({"row_format": "conversation"});
        // No token ends an answer: no template of ours can be used, and the reason is given.
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

fn row_of_alpaca() -> Value {
    json!({"instruction": "Add.", "input": "1 1", "output": "2"})
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
fn tokens_that_the_model_never_learned_are_named() {
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
    let reported = of_lora(&planned(&world, &choices));
    assert_eq!(reported.len(), 1, "{reported:?}");
    assert!(
        reported[0].contains("the tokens <|im_start|> and <|im_end|>, which 'Tiny' has a place for"),
        "{reported:?}"
    );
    assert!(reported[0].contains("\"trainable_token_indices\": [4, 5]"), "{reported:?}");
    let trained =
        json!({"chat_template": file, "lora_config": r#"{"r": 2, "trainable_token_indices": [4, 5]}"#});
    assert!(!of_lora(&planned(&world, &trained)).iter().any(|text| text.contains("may never have learned")));
    added(6);
    let beyond = refused(&world, &choices);
    assert_eq!(columns(&beyond), ["chat_template"]);
    let said = "The rows have the tokens <|im_start|> and <|im_end|>, and 'Tiny' has embeddings for 6 tokens, not for \
                these.";
    assert!(beyond[0].1.starts_with(said) && beyond[0].1.contains("resize_embeddings"), "{beyond:?}");
    let resized =
        json!({"chat_template": file, "training_arguments_config": r#"{"resize_embeddings": true}"#});
    let resized = planned(&world, &resized);
    assert_eq!(resized["problems"], json!([]), "{resized}");
    assert!(resized["warnings"].to_string().contains("are added and trained"), "{resized}");
}
