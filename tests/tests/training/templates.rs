//! Chat templates, rendered here and by Transformers: the same bytes and the same spans, or both refuse.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use prompts::{
    Object, Value,
    chat::{ChatTemplate, Conversation, End, RenderError, RenderedConversation, TemplateSource, TrainOn},
};
use serde_json::Value as Json;

use crate::recipe::PYTHON;

/// How renderings compare.
#[derive(Debug, Default)]
struct Counts {
    same: usize,
    both_refuse: usize,
    /// What is not the same, by how.
    otherwise: BTreeMap<&'static str, Vec<String>>,
}

/// Templates whose calls of tools TRL ends elsewhere: it leaves out, or adds, the token that opens the
/// tool's answer.
const ENDS_ELSEWHERE: &[&str] = &["diffusion_gemma.jinja", "glm4moe.jinja"];

/// Two answers in a row, which TRL's tags join where they enclose what opens an answer.
const JOINED: &str = "two of the assistant";

const EXPRESSIONS: &str = "../src-tauri/crates/prompts/tests/chat/expressions.json";

/// One test, because Python renders everything in one process.
#[test]
fn chat_templates_render_as_in_transformers() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new(&*PYTHON);
    python.arg(root.join("tests/training/render_templates.py")).arg(folder.path());
    // What Python would write beside the scripts does not belong in the repository.
    python.arg(root.join(EXPRESSIONS)).env("PYTHONDONTWRITEBYTECODE", "1");
    let status = python.status().expect("Python starts");
    assert!(status.success(), "{status}");

    let json = |file: PathBuf| -> Json {
        serde_json::from_str(&fs::read_to_string(file).expect("a file")).expect("JSON")
    };
    assert_eq!(json(root.join(EXPRESSIONS)), json(folder.path().join("expressions.json")));

    let counts = compare(folder.path());
    println!("{} the same, {} refused by both", counts.same, counts.both_refuse);
    assert!(counts.same > 7_000, "{}", counts.same);
    assert!(counts.otherwise.is_empty(), "{:#?}", counts.otherwise);

    answers_carry_loss_where_trl_puts_its_tags(folder.path());
}

/// TRL has a second version of many templates, with generation tags, for training on answers alone.
fn answers_carry_loss_where_trl_puts_its_tags(folder: &Path) {
    let (templates, conversations) = read(folder);
    let (mut same, mut later) = (0, 0);
    for (name, template) in &templates {
        let Some(tagged) = templates.get(&name.replace(".jinja", "_training.jinja")) else { continue };
        for (case, conversation) in &conversations {
            let learn =
                |template: &ChatTemplate| template.render_training(conversation, TrainOn::AssistantTurns);
            let (Ok(ours), Ok(theirs)) = (learn(template), learn(tagged)) else { continue };
            if ours.text != theirs.text || ENDS_ELSEWHERE.contains(&name.as_str()) || case == JOINED {
                continue;
            }
            let (ours, theirs) = (inked(&ours), inked(&theirs));
            same += usize::from(ours == theirs);
            // They also learn what a generation prompt would have given.
            later += usize::from(ours != theirs);
            let fits =
                |((start, end), (from, to)): (&(usize, usize), &(usize, usize))| end == to && start >= from;
            assert!(
                ours.len() == theirs.len() && ours.iter().zip(&theirs).all(fits),
                "{name}, {case}: {ours:?} {theirs:?}"
            );
        }
    }
    println!("{same} the same but for white space, {later} begin behind more of the generation prompt");
    assert!(same > 750 && later < 300, "{same} {later}");
}

/// The spans that carry loss, joined where they touch, without white space at their ends.
fn inked(rendered: &RenderedConversation) -> Vec<(usize, usize)> {
    let points: Vec<char> = rendered.text.chars().collect();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in &rendered.loss {
        match joined.last_mut() {
            Some(last) if last.1 == *start => last.1 = *end,
            _ => joined.push((*start, *end)),
        }
    }
    let inked = joined.into_iter().map(|(mut start, mut end)| {
        while start < end && points[start].is_whitespace() {
            start += 1;
        }
        while end > start && points[end - 1].is_whitespace() {
            end -= 1;
        }
        (start, end)
    });
    inked.filter(|(start, end)| start < end).collect()
}

type Templates = BTreeMap<String, ChatTemplate>;
type Conversations = BTreeMap<String, Conversation>;

fn read(folder: &Path) -> (Templates, Conversations) {
    let read = |name: &str| -> Json {
        serde_json::from_str(&fs::read_to_string(folder.join(name)).expect(name)).expect(name)
    };
    let (templates, conversations) = (read("templates.json"), read("conversations.json"));
    let parse = |name: &String, text: &Json| {
        let parsed = ChatTemplate::parse(&TemplateSource {
            text: text.as_str().expect("a template").to_owned(),
            name: "model".to_owned(),
            special_tokens: serde_json::from_value(templates["special_tokens"].clone()).expect("tokens"),
            now: templates["now"].as_str().expect("a time").to_owned(),
        });
        (name.clone(), parsed.unwrap_or_else(|error| panic!("{name}: {error}")))
    };
    let texts = templates["templates"].as_object().expect("templates");
    let cases = conversations.as_object().expect("conversations").iter();
    (
        texts.iter().map(|(name, text)| parse(name, text)).collect(),
        cases.map(|(name, case)| (name.clone(), conversation(case))).collect(),
    )
}

fn compare(folder: &Path) -> Counts {
    let (parsed, conversations) = read(folder);
    let mut counts = Counts::default();
    for line in fs::read_to_string(folder.join("renderings.jsonl")).expect("renderings").lines() {
        let theirs: Json = serde_json::from_str(line).expect("a rendering");
        let name = |key: &str| theirs[key].as_str().expect(key).to_owned();
        let (template, case) = (&parsed[&name("template")], &conversations[&name("case")]);
        let prompt = theirs["prompt"] == true;
        let end = if prompt { End::GenerationPrompt } else { End::Whole };
        let ours = template.render(case, end);
        let outcome = match (&ours, theirs["text"].as_str()) {
            (Ok(ours), Some(theirs)) if ours != theirs => "another text",
            (Ok(_), Some(_)) if !prompt && !same_spans(template, case, &theirs["spans"]) => "other spans",
            (Ok(_), Some(_)) => {
                counts.same += 1;
                continue;
            }
            (Err(_), None) => {
                counts.both_refuse += 1;
                continue;
            }
            (Ok(_), None) => "refused by Transformers alone",
            (Err(_), Some(_)) => "refused here alone",
        };
        let said = match ours {
            Ok(text) => format!("{text:?}"),
            Err(error) => error.to_string(),
        };
        counts.otherwise.entry(outcome).or_default().push(format!("{said}\n{line}"));
    }
    counts
}

/// Whether a template with generation tags marks the same spans.
fn same_spans(template: &ChatTemplate, conversation: &Conversation, theirs: &Json) -> bool {
    let Some(theirs) = theirs.as_array() else { return true };
    let tagged = template.source().text.contains("endgeneration");
    let pair = |span: &Json| (span[0].as_u64().expect("a start"), span[1].as_u64().expect("an end"));
    let theirs: Vec<_> = theirs.iter().map(pair).filter(|(start, end)| start < end).collect();
    match template.render_training(conversation, TrainOn::AssistantTurns) {
        _ if !tagged => true,
        Ok(ours) => ours.loss.iter().map(|(start, end)| (*start as u64, *end as u64)).eq(theirs),
        Err(RenderError::Nothing(_)) => theirs.is_empty(),
        Err(_) => false,
    }
}

fn conversation(json: &Json) -> Conversation {
    let object = |json: &Json| -> Object {
        match Value::from(json.clone()) {
            Value::Object(object) => object,
            _ => Object::new(),
        }
    };
    let list = |key: &str| json.get(key).and_then(|list| Value::from(list.clone()).as_array().cloned());
    Conversation {
        messages: json["messages"].as_array().expect("messages").iter().map(object).collect(),
        tools: list("tools"),
        documents: list("documents"),
        arguments: json.get("arguments").map(object).unwrap_or_default(),
    }
}
