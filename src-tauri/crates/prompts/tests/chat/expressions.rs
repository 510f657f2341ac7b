//! Small templates beside what Transformers renders of them. The file has each with its text, or null where
//! Python refuses it; `cargo xtask test --training` compares it with Python.

use prompts::chat::{ChatTemplate, End};

use crate::conversations::{greeting, source};

/// Templates that Python renders and this program refuses.
const OTHERWISE: &[&str] = &["{{ '%s' % 'a' }}"];

#[test]
fn expressions_render_as_in_python() {
    let expressions: Vec<(String, Option<String>)> =
        serde_json::from_str(include_str!("expressions.json")).unwrap();
    let mut otherwise = Vec::new();
    for (template, expected) in &expressions {
        let parsed = ChatTemplate::parse(&source(template)).map_err(|error| error.to_string());
        let rendered = parsed
            .and_then(|parsed| parsed.render(&greeting(), End::Whole).map_err(|error| error.to_string()));
        if rendered.as_ref().ok() != expected.as_ref() {
            otherwise.push((template.as_str(), expected, rendered));
        }
    }
    let names: Vec<_> = otherwise.iter().map(|(template, ..)| *template).collect();
    assert_eq!(names, OTHERWISE, "{otherwise:#?}");
}
