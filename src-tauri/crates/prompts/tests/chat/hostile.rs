//! Templates of someone who means harm: each ends with an error, soon and within little memory and stack.

use std::time::{Duration, Instant};

use prompts::{
    Value,
    chat::{ChatTemplate, Conversation, End, RenderError, TemplateError},
};
use serde_json::json;

use crate::conversations::{conversation, greeting, source};

/// How long a template may take in a build without optimization, on a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// Renders on a stack of the size that worker threads have.
fn rendered(text: &str) -> Result<Result<String, RenderError>, TemplateError> {
    let text = text.to_owned();
    let start = Instant::now();
    let rendering = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        ChatTemplate::parse(&source(&text)).map(|template| template.render(&greeting(), End::Whole))
    });
    let rendered = rendering.unwrap().join().unwrap();
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    rendered
}

#[test]
fn what_takes_too_much_is_given_up() {
    let templates = [
        "{% for a in range(100000) %}{% for b in range(100000) %}{{ b }}{% endfor %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ ('a' * 1000000) * 1000 }}",
        "{{ range(100000) | list * 1000 }}",
        "{% set ns = namespace(x='aaaaaaaa') %}{% for _ in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x='aaaaaaaa') %}{% for _ in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for _ in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for _ in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[]) %}{% for _ in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}",
        "{% set ns = namespace(x={}) %}{% for _ in range(100000) %}{% set ns.x = {'a': ns.x} %}{% endfor %}",
        "{% set ns = namespace(x={}) %}{% for _ in range(100000) %}{% set ns.x = namespace(a=ns.x) %}{% endfor %}",
        "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
        "{% macro f(x) %}{{ f([x, x]) }}{% endmacro %}{{ f([1]) }}",
        "{% macro f(x) %}{{ f(x + x) }}{% endmacro %}{{ f([1]) }}",
        "{% macro f(x) %}{{ f(dict(a=x, b=x)) }}{% endmacro %}{{ f([1]) }}",
        "{% set x = ([([([0] * 1000)] * 1000)] * 1000) ~ '' %}",
        "{{ 'x'.ljust(1000000000) }}",
        "{{ 'x'.zfill(1000000000) }}",
        "{{ 'ab'.replace('', 'x' * 1000000).replace('x', 'y' * 1000000) }}",
        "{{ ('a,' * 1000000).split(',') | join('b' * 10000) }}",
        "{{ '%1000000000s' | format('x') }}",
        "{{ '{:1000000000}'.format('x') }}",
        "{{ 'x' | indent(1000000000, true) }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ [1] | batch(1000000000, 'x') | list }}",
        "{{ [1] | slice(1000000000) | list }}",
        "{{ messages | tojson(indent=255) * 1000 }}{{ ('x' * 100000) * 1000 }}",
    ];
    for template in templates {
        match rendered(template) {
            Ok(Err(RenderError::TooMuch(_) | RenderError::Failed(_) | RenderError::Unsupported(_)))
            | Err(TemplateError::TooLarge(_) | TemplateError::Unsupported { .. }) => {}
            other => panic!("{template}: {:?}", other.map(|text| text.map(|text| text.len()))),
        }
    }
}

#[test]
fn recursion_ends_with_an_error() {
    let templates = [
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(messages) }}",
        "{% macro f() %}{% for _ in [1] %}{% if true %}{{ f() }}{% endif %}{% endfor %}{% endmacro %}{{ f() }}",
        "{% macro f() %}{% set x %}{{ f() }}{% endset %}{% endmacro %}{{ f() }}",
        "{% macro f() %}{% call f() %}{% endcall %}{% endmacro %}{{ f() }}",
        "{% block a %}{{ self.a() }}{% endblock %}",
        "{% include 'chat' %}",
        "{% extends 'chat' %}",
        "{% import 'chat' as chat %}",
    ];
    for template in templates {
        assert!(!matches!(rendered(template), Ok(Ok(_))), "{template}");
    }
}

#[test]
fn templates_without_end_or_measure_are_refused() {
    let deep =
        |open: &str, close: &str, count: usize| format!("{}x{}", open.repeat(count), close.repeat(count));
    let templates = [
        format!("{{{{ {} }}}}", deep("(", ")", 10_000)),
        format!("{{{{ {} }}}}", deep("[", "]", 100_000)),
        format!("{{{{ {} x }}}}", "not ".repeat(100_000)),
        format!("{{{{ {} x }}}}", "-".repeat(100_000)),
        format!("{{{{ x{} }}}}", " + x".repeat(100_000)),
        format!("{{{{ x{} }}}}", "|upper".repeat(100_000)),
        format!("{{{{ x{} }}}}", ".a".repeat(100_000)),
        format!("{{{{ x{} }}}}", " if x else x".repeat(100_000)),
        deep("{% if x %}", "{% endif %}", 10_000),
        deep("{% for x in y %}", "{% endfor %}", 10_000),
        format!("{{% if x %}}{}{{% endif %}}", "{% elif x %}".repeat(20_000)),
        "x".repeat(2 << 20),
        "{{ x".to_owned(),
        "{% for x in y %}".to_owned(),
        "{% generation %}".to_owned(),
        "{% for node in tree recursive %}{{ loop(node) }}{% endfor %}".to_owned(),
    ];
    for template in templates {
        let start: String = template.chars().take(40).collect();
        assert!(!matches!(rendered(&template), Ok(Ok(_))), "{start}");
    }
}

#[test]
fn a_conversation_of_any_size_and_depth_is_rendered_or_given_up() {
    let template =
        ChatTemplate::parse(&source("{% for m in messages %}{{ m | tojson }}{% endfor %}")).unwrap();
    let many: Vec<_> = (0..20_000).map(|at| json!({"role": "user", "content": at.to_string()})).collect();
    let text = template.render(&conversation(&json!(many)), End::Whole).unwrap();
    assert!(text.ends_with("\"19999\"}"));

    let mut nested = Value::Null;
    for _ in 0..120 {
        nested = Value::Array(vec![nested]);
    }
    let mut deep: Conversation = greeting();
    deep.messages[0].insert("content".to_owned(), nested);
    assert!(template.render(&deep, End::Whole).unwrap().contains(&"[".repeat(120)));

    let mut numbers: Conversation = greeting();
    let huge = prompts::Number::from_digits(&"9".repeat(60));
    numbers.messages[0].insert("content".to_owned(), Value::Number(huge));
    assert!(matches!(template.render(&numbers, End::Whole), Err(RenderError::Unsupported(_))));
}
