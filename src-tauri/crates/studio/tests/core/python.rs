//! The template language against the real one: Python's `str.format`.

use std::{io::ErrorKind, process::Command};

use proptest::{
    collection::vec,
    num, option,
    prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof},
    sample::select,
    strategy::ValueTree as _,
    test_runner::TestRunner,
};
use serde_json::{Map, Value, json};
use studio::{datasets::Object, prompts::Template};

const CASES: usize = 6_000;
const ROWS: usize = 600;

/// Characters of every kind that `repr` treats in its own way, all older than any Python in use.
const CHARACTERS: &[char] = &[
    'a',
    'Z',
    '0',
    ' ',
    '\'',
    '"',
    '\\',
    '/',
    '{',
    '}',
    '\n',
    '\r',
    '\t',
    '\0',
    '\x1b',
    '\x7f',
    '\u{80}',
    '\u{a0}',
    '\u{ad}',
    'é',
    'ß',
    'Σ',
    '\u{301}',
    '\u{378}',
    '٣',
    '²',
    '中',
    '\u{200b}',
    '\u{2028}',
    '\u{3000}',
    '\u{e000}',
    '\u{feff}',
    '\u{fffd}',
    '\u{ffff}',
    '😀',
    '\u{1d173}',
    '\u{e0001}',
    '\u{10ffff}',
];

/// Names of columns, from everyday to unkind.
const NAMES: &[&str] = &[
    "question",
    "Answer",
    "a b",
    "é",
    "中",
    "x'y",
    "say \"so\"",
    "a]",
    "-1",
    "1a",
    "²",
    "٣٤",
    "7",
    "self",
    " ",
    "a.b",
    "a[0]",
    "x!r",
    "y:>4",
    "tab\t",
    "line\n",
    "__class__",
    "",
];

const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "0.0",
    "-0.0",
    "1.0",
    "1e5",
    "1E+2",
    "0.1",
    "100000000000000.0",
    "1e15",
    "1e16",
    "1.5e16",
    "123456789012345678.0",
    "1e22",
    "1e23",
    "0.001",
    "0.0001",
    "0.00001",
    "1.2e-5",
    "5e-324",
    "1.7976931348623157e308",
    "2.2250738585072014e-308",
    "0.30000000000000004",
    "9007199254740993.0",
    "-1.5e-7",
];

fn text() -> BoxedStrategy<String> {
    vec(select(CHARACTERS), 0..8).prop_map(String::from_iter).boxed()
}

fn value() -> BoxedStrategy<Value> {
    let number = prop_oneof![
        select(NUMBERS).prop_map(|text| serde_json::from_str(text).unwrap()),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (num::f64::NORMAL | num::f64::SUBNORMAL | num::f64::ZERO).prop_map(Value::from),
        // As people write them: a few digits at some power of ten.
        (-9_999_i32..9_999, -30_i32..30)
            .prop_map(|(n, e)| Value::from(format!("{n}e{e}").parse::<f64>().unwrap())),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        text().prop_map(Value::from),
    ];
    let nested = |inner: BoxedStrategy<Value>| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((text(), inner), 0..4).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    };
    leaf.prop_recursive(3, 16, 4, move |inner| nested(inner.boxed())).boxed()
}

fn row() -> BoxedStrategy<Map<String, Value>> {
    vec((select(NAMES), option::weighted(0.8, value())), NAMES.len())
        .prop_map(|columns| {
            columns.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
        })
        .boxed()
}

/// Mostly templates as people write them, and some of braces and signs at random.
fn template() -> BoxedStrategy<String> {
    let part = prop_oneof![
        4 => select(NAMES).prop_map(|name| format!("{{{name}}}")),
        2 => text().prop_map(|text| text.replace('{', "{{").replace('}', "}}")),
        1 => Just("\nAnswer: ".to_owned()),
        1 => Just("{nowhere}".to_owned()),
    ];
    let wild =
        vec(select(&['{', '}', '{', '}', '!', ':', '.', '[', ']', '0', '٣', 'a', 'r', ' ', '\n', 'é']), 0..9);
    prop_oneof![
        3 => vec(part.clone(), 0..6).prop_map(|parts| parts.concat()),
        2 => wild.clone().prop_map(String::from_iter),
        1 => (part, wild).prop_map(|(part, wild)| part + &String::from_iter(wild)),
    ]
    .boxed()
}

#[test]
fn renders_what_python_renders_and_refuses_what_it_would_evaluate() {
    let mut runner = TestRunner::deterministic();
    let rows: Vec<_> = (0..ROWS).map(|_| row().new_tree(&mut runner).unwrap().current()).collect();
    let template = template();
    let templates = (0..CASES).map(|_| template.new_tree(&mut runner).unwrap().current());
    let cases: Vec<(String, Map<String, Value>)> = templates.zip(rows.iter().cloned().cycle()).collect();
    let Some(answers) = ask_python(&cases) else {
        eprintln!("SKIPPED: there is no python3 on this machine to hold the templates against.");
        return;
    };
    assert_eq!(answers.len(), cases.len());

    let (mut filled, mut missing, mut refused) = (0, 0, 0);
    for ((template, row), answer) in cases.iter().zip(&answers) {
        let reported = || format!("{template:?} with {}: Python says {answer}", Value::from(row.clone()));
        let Value::Object(values) = Value::from(row.clone()) else { panic!("{row:?}") };
        let values: Object = values.into_iter().map(|(name, value)| (name, value.into())).collect();
        match Template::parse(template).map(|parsed| parsed.render(|name| values.get(name))) {
            Ok(Ok(text)) => {
                assert_eq!(answer["text"], text, "{}", reported());
                filled += 1;
            }
            Ok(Err(name)) => {
                assert_eq!(answer["missing"], name, "{}", reported());
                missing += 1;
            }
            Err(error) => {
                // An empty format specification is one, but changes nothing.
                let evaluates = answer["evaluates"] == true || template.contains(":}");
                assert!(evaluates, "{} but it was refused: {error}", reported());
                refused += 1;
            }
        }
    }
    // The cases reach each of the three ends, many times.
    assert!(filled > 500 && missing > 500 && refused > 500, "{filled} {missing} {refused}");
}

/// What Python answers to each case; `None` if there is no Python.
fn ask_python(cases: &[(String, Map<String, Value>)]) -> Option<Vec<Value>> {
    let folder = tempfile::tempdir().unwrap();
    let questions = folder.path().join("questions.jsonl");
    let lines =
        cases.iter().map(|(template, row)| json!({"template": template, "row": row}).to_string() + "\n");
    std::fs::write(&questions, lines.collect::<String>()).unwrap();
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/core/python.py");
    let output = match Command::new("python3").args(["-I", program]).arg(&questions).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        other => other.unwrap(),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers = String::from_utf8(output.stdout).unwrap();
    Some(answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}
