//! A trained adapter, served and asked by the client that others use.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::Child,
};

use serde_json::{Value, json};

use crate::{
    recipe::{RECIPE, python_with_client},
    world::World,
};

/// Turns of tokens that the recipe's tokenizer has.
const TEMPLATE: &str = "{% for message in messages %}<s>{{ message['role'] + ':' + message['content'] }}</s>\n\
    {% endfor %}{% if add_generation_prompt %}<s>assistant:{% endif %}";

/// Asks as any program does that knows nothing of the studio.
const ASK: &str = r#"
import json, sys
from openai import AuthenticationError, BadRequestError, NotFoundError, OpenAI

served, prompts = map(json.loads, sys.argv[1:])
client = OpenAI(base_url=served["url"], api_key=served["key"], max_retries=0)
base, adapter = [model.id for model in client.models.list()]

def complete(model, prompt, **more):
    return client.completions.create(model=model, prompt=prompt, temperature=0, max_tokens=8, **more)

def refused(kind, call):
    try:
        call()
    except kind as error:
        return error.status_code

messages = [{"role": "user", "content": prompts[0]}]
chat = dict(model=adapter, messages=messages, temperature=0, max_completion_tokens=6)
whole = client.chat.completions.create(**chat, logprobs=True, top_logprobs=2)
stream = client.chat.completions.create(**chat, stream=True, stream_options={"include_usage": True})
chunks = list(stream)
sampled = [complete(base, prompts[0], seed=seed, extra_body={"temperature": 2}) for seed in (1, 1, 2)]
text = complete(adapter, prompts[0]).choices[0].text
print(json.dumps({
    "answers": [[complete(model, prompt).choices[0].text for model in (base, adapter)] for prompt in prompts],
    "streamed": "".join(one.choices[0].text for one in complete(adapter, prompts[0], stream=True)),
    "stopped": complete(adapter, prompts[0], stop=text.strip()[1:3]).choices[0].model_dump(),
    "whole": whole.model_dump(),
    "pieces": "".join(one.choices[0].delta.content or "" for one in chunks if one.choices),
    "usage": chunks[-1].usage.model_dump(),
    "sampled": [one.choices[0].text for one in sampled],
    "refused": [
        refused(NotFoundError, lambda: complete("other", "x")),
        refused(BadRequestError, lambda: complete(base, "x " * 100_000)),
        refused(BadRequestError, lambda: complete(base, "x", n=2)),
        refused(AuthenticationError, lambda: client.with_options(api_key="wrong").models.list()),
    ],
}))
"#;

/// `fts serve`, which is killed when it is dropped.
struct Served(Child, Value);

impl Served {
    fn new(world: &World, adapter: &str) -> Self {
        let mut process = world.fts.start_piped(&["serve", "--model", &world.model, "--adapter", adapter]);
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let reported = serde_json::from_str(&line).expect("a line of JSON");
        Self(process, reported)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

#[test]
fn a_trained_adapter_answers_any_client() {
    let world = World::new();
    let folder = world.fts.path("model");
    fs::create_dir(&folder).expect("a folder");
    for file in fs::read_dir(RECIPE.join("model")).expect("a model").flatten() {
        fs::copy(file.path(), format!("{folder}/{}", file.file_name().display())).expect("a file");
    }
    fs::write(format!("{folder}/chat_template.jinja"), TEMPLATE).expect("a template");
    world.fts.json(&["update", "models", &world.model, "--data", &json!({"location": folder}).to_string()]);
    let training = world.train(&world.training("labels", &json!({})));
    let adapter = world.fts.get("fine_tuning_jobs", &training)["adapter_id"].clone();
    let served = Served::new(&world, adapter.as_str().expect("an adapter"));
    assert_eq!(served.1["models"], json!(["Tiny", "labels"]));

    let held_back = world.rows(&training, "eval.jsonl");
    let rows = &held_back[..8];
    let prompts: Vec<&Value> = rows.iter().map(|row| &row["prompt"]).collect();
    let said = python_with_client(&["-c", ASK, &served.1.to_string(), &json!(prompts).to_string()]);
    let said: Value = serde_json::from_str(&said).expect("JSON");

    let answers = said["answers"].as_array().expect("answers");
    let right =
        |at: usize| rows.iter().zip(answers).filter(|(row, said)| said[at] == row["completion"]).count();
    assert!(right(1) >= 7 && right(1) > right(0) + 2, "{said}");
    assert_eq!(said["streamed"], answers[0][1]);
    let stopped = &said["stopped"];
    assert_eq!(
        (&stopped["finish_reason"], &stopped["text"]),
        (&json!("stop"), &json!(text_before(&answers[0][1])))
    );
    let whole = &said["whole"];
    assert_eq!(said["pieces"], whole["choices"][0]["message"]["content"]);
    for count in ["prompt_tokens", "completion_tokens", "total_tokens"] {
        assert_eq!(said["usage"][count], whole["usage"][count]);
        assert!(whole["usage"][count].as_u64().is_some_and(|tokens| tokens > 0));
    }
    let likely = whole["choices"][0]["logprobs"]["content"].as_array().expect("tokens");
    assert_eq!(json!(likely.len()), whole["usage"]["completion_tokens"]);
    assert!(likely.iter().all(|token| token["logprob"] == token["top_logprobs"][0]["logprob"]), "{whole}");
    let sampled = said["sampled"].as_array().expect("answers");
    assert!(sampled[0] == sampled[1] && sampled[0] != sampled[2], "{sampled:?}");
    assert_eq!(said["refused"], json!([404, 400, 400, 401]));
}

/// The text before the second character behind the white space of an answer.
fn text_before(answer: &Value) -> String {
    let answer = answer.as_str().expect("text");
    let start = answer.len() - answer.trim_start().len();
    answer.chars().take(start + 1).collect()
}
