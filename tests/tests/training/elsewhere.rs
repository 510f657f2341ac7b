//! A chat template that the studio can't render is rendered by Transformers, and trained the same.

use std::fs;

use serde_json::{Value, json};

use crate::{
    recipe::{RECIPE, python, text},
    world::World,
};

/// It multiplies a text by a variable, which the studio doesn't render. Tags say what the assistant generates.
const TAGGED: &str = "{% set twice = 2 %}{% set bar = '=' %}{% for message in messages %}\
    {{ bar * twice }} {{ message['role'] }}\n{% if message['role'] == 'assistant' %}\
    {% generation %}{{ message['content'] }}{{ eos_token }}{% endgeneration %}\n\
    {% else %}{{ message['content'] }}{{ eos_token }}\n{% endif %}{% endfor %}\
    {% if add_generation_prompt %}{{ bar * twice }} assistant\n{% endif %}";

/// Renders conversations as Transformers does for its users.
const RENDER: &str = r#"
import json, sys
from transformers import AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
rows = [json.loads(line)["messages"] for line in open(sys.argv[3], encoding="utf-8")]
template = open(sys.argv[2], encoding="utf-8", newline="").read()
print(json.dumps([tokenizer.apply_chat_template(row, chat_template=template, tokenize=False) for row in rows]))
"#;

#[test]
fn what_the_studio_can_not_render_transformers_renders_the_same() {
    let world = World::new();
    let turn = |role: &str, said: String| json!({"role": role, "content": said});
    let row = |n: usize| {
        json!({"messages": [
            turn("user", format!("Grüß 👍🏽 {n}?")), turn("assistant", format!("Ja {n}.")),
            turn("user", "And?".to_owned()), turn("assistant", "No.".to_owned()),
        ]})
    };
    let rows: String = (0..12).map(|n| format!("{}\n", row(n))).collect();
    let file = world.fts.file("rows.jsonl", rows);
    let dataset = world.fts.import(&file, "Chats");
    for tagged in [true, false] {
        let plain = TAGGED.replace("{% generation %}", "").replace("{% endgeneration %}", "");
        let template = world.fts.file("own.jinja", if tagged { TAGGED } else { &plain });
        let arguments = ["--chat-template", &template, "--count", "12", "--model", &world.model];
        let shown = [&["prompt", "render", &dataset, "--conversation"], arguments.as_slice()].concat();
        let shown = world.fts.json(&shown);
        assert_eq!((&shown["by_transformers"], &shown["problems"]), (&json!(true), &json!([])), "{shown}");
        assert_eq!(shown["choices"]["train_on"], "assistant_turns");
        let rendered = python(&["-c", RENDER, &text(&RECIPE.join("model")), &template, &file]);
        let rendered: Vec<String> = serde_json::from_str(&rendered).expect("texts");
        for (n, (row, theirs)) in shown["rows"].as_array().expect("rows").iter().zip(&rendered).enumerate() {
            let ours = &row["texts"][0];
            assert_eq!(ours["text"], json!(theirs));
            assert_eq!(learned(ours), [format!("Ja {n}.</s>"), "No.</s>".to_owned()]);
        }
        if tagged {
            continue;
        }
        let mut fields = world.training("elsewhere", &json!({"max_steps": 1}));
        fields.as_object_mut().expect("fields").remove("prompt_id");
        fields["dataset_id"] = dataset.as_str().into();
        fields["chat_template"] = template.as_str().into();
        let run = world.train(&fields);
        for row in world.rows(&run, "train.jsonl") {
            let n = usize::try_from(row["row"].as_u64().expect("a number") - 1).expect("a small number");
            let text = &shown["rows"][n]["texts"][0];
            assert_eq!((&row["text"], &row["loss"]), (&text["text"], &text["loss"]));
        }
        fs::write(&template, TAGGED.replace("eos_token", "raise_exception('No.')")).expect("a template");
        let refused = world.fts.run(&[
            "prompt",
            "render",
            &dataset,
            "--conversation",
            "--chat-template",
            &template,
            "--model",
            &world.model,
            "--json",
        ]);
        assert!(refused.out.contains("The chat template refuses the conversation: No."), "{}", refused.out);
    }
}

/// What of a text carries loss.
fn learned(text: &Value) -> Vec<String> {
    let points: Vec<char> = text["text"].as_str().expect("a text").chars().collect();
    let place = |number: &Value| usize::try_from(number.as_u64().expect("a place")).expect("a place");
    let spans = text["loss"].as_array().expect("spans").iter();
    spans.map(|span| points[place(&span[0])..place(&span[1])].iter().collect()).collect()
}
