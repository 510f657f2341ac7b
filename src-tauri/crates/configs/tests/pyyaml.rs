//! YAML is read as PyYAML reads it, which reads the config where a training runs.
#![cfg(test)]

use std::{io::ErrorKind, process::Command};

use configs::{ConfigType, parse_config};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::Value;

/// How many texts are made by chance.
const CASES: usize = 2_000;

/// Texts whose reading differs between YAML 1.1 and 1.2, or between PyYAML and either.
const SCALARS: &[&str] = &[
    "0123",
    "0o17",
    "0O17",
    "007",
    "08",
    "0_8",
    "00",
    "0",
    "-0",
    "+0",
    "0_",
    "0b",
    "0b1_0",
    "0b2",
    "0x1F",
    "0x",
    "-0x_f",
    "0xg",
    "1:30",
    "1:60",
    "0:30",
    "1:5:07",
    "-1:30",
    "1:30.5",
    "1:30.",
    "1_0:30",
    "1:3_0",
    "190:20:30.15",
    "1_000",
    "1__0",
    "_1",
    "1_",
    "12345678901234567890123",
    "-12345678901234567890123",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775809",
    "0777777777777777777777",
    "1.",
    ".5",
    "-.5",
    "+.5",
    "1.e5",
    "1.e+5",
    "1.5e3",
    "1.5e+3",
    "1e3",
    "2e-4",
    "2.0e-4",
    "1E+2",
    "1.0E+02",
    "1._5",
    "._5",
    ".",
    "..",
    "-",
    "+",
    "-.",
    "1.2.3",
    ".inf",
    "-.Inf",
    "+.INF",
    ".nan",
    "-.nan",
    ".NaN",
    "inf",
    "nan",
    "NaN",
    "Infinity",
    "1e400",
    "1.0e+400",
    "-1.0e+400",
    "1.0e-400",
    "yes",
    "Yes",
    "YES",
    "yEs",
    "no",
    "No",
    "on",
    "On",
    "off",
    "OFF",
    "true",
    "True",
    "tRUE",
    "y",
    "n",
    "Y",
    "N",
    "null",
    "Null",
    "NULL",
    "nULL",
    "~",
    "",
    "=",
    "<<",
    "none",
    "None",
    "2024-01-31",
    "2024-1-31",
    "2024-02-30",
    "2024-13-01",
    "0000-01-01",
    "0001-01-01",
    "2024-01-31T10:20:30",
    "2024-01-31 10:20:30.5",
    "2024-01-31t1:20:30Z",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5",
    "2001-12-14 21:59:43 +05:30",
    "2001-12-14 21:59:43 +24:00",
    "2001-12-14 25:59:43",
    "2001-12-14 21:59",
    "2001-1-1 1:00:00",
    "2001-12-14 21:59:43.1234567",
    "2024-01-31T10:20:30 Z",
    "2024-01-31T10:20:30.",
    "2024-01-31T",
    "!!str 12",
    "!!int 12",
    "!!int x",
    "!!float 1",
    "!!float 1e5",
    "!!bool Yes",
    "!!bool x",
    "!!null x",
    "! 12",
    "!own 12",
    "!!timestamp 2024-01-31",
    "!!timestamp x",
    "!!python/name:os.system",
    "'yes'",
    "\"0123\"",
    "'it''s'",
    "\"\\u00e9\\x41\\n\"",
    "\"\\ud83d\"",
    "\"\\q\"",
    "\"a\\/b\"",
    "a: b",
    "a:b",
    "a #b",
    "a#b",
    "#a",
    "@a",
    "`a",
    "%a",
    "&a b",
    "*a",
    "!a",
    "|",
    ">",
    "|\n  x\n  y\n",
    ">\n  x\n  y\n",
    ">-\n  x\n\n  y",
    "|+\n  x\n\n",
    "|2\n   x\n",
    "[a, b",
    "[1, 'b', no, {c: 0123}]",
    "{a: 1, b}",
    "{a:1}",
    "[a:1]",
    "{? a: b}",
    "[,]",
    "[1,]",
    "{a: 1,}",
    "[1,,2]",
    "- 1",
    "? a",
    "a\tb",
    "a\t",
    "\tb",
    "'a\tb'",
    "\"a\tb\"",
    "a, b",
    "a]b",
    "a}b",
    "a - b",
    "-a",
    "- a",
    "--- a",
    "...",
    "1,5",
    "http://x/y",
    "C:\\x",
    "q_proj,v_proj",
];

/// Whole texts, such as people paste.
const TEXTS: &[&str] = &[
    "",
    "# only a comment\n",
    "---\na: 1\n",
    "---\na: 1\n---\nb: 2\n",
    "a: 1\n...\n",
    "a: 1\n---\n",
    "%YAML 1.1\n---\na: 1\n",
    "%YAML 1.2\n---\na: 0123\n",
    "%YAML 2.0\n---\na: 1\n",
    "base: &b {lr: 2e-4, seed: 007}\nrun:\n  <<: *b\n  seed: 1\n",
    "a: &x {k: 1, m: 2}\nb: &y {k: 3, n: 4}\nc:\n  <<: [*x, *y]\n  o: 5\n",
    "a: &x {k: 1}\nb:\n  k: 2\n  <<: *x\n",
    "a: &x {k: 1}\nb: &y {k: 2}\nc:\n  <<: *x\n  <<: *y\n",
    "b:\n  <<: 1\n",
    "b:\n  <<: [1]\n",
    "b:\n  <<: {x: 1}\n",
    "a: &x [1, 2]\nb: *x\nc: [*x, *x]\n",
    "a: &x 1\nb: &x 2\nc: *x\n",
    "a: *gone\n",
    "a: &x [*x]\n",
    "a: &x {b: *x}\n",
    "on: push\n",
    "1: a\n",
    "1.5: a\n",
    "~: a\n",
    "? a\n: b\n",
    "? [a]\n: b\n",
    "{[a]: b}\n",
    "=: a\n",
    "2024-01-31: a\n",
    "no: {yes: 1}\n",
    "a:\n- 1\n- 2\n",
    "a:\n  - 1\n - 2\n",
    "- a\n- b: 1\n  c: 2\n",
    "a: 1\n b: 2\n",
    "a:\n  b: 1\n c: 2\n",
    "a: \"x\n",
    "a: 'x\n  y'\n",
    "a: x\n  y\n",
    "a: x\n\n  y\n",
    "\ta: 1\n",
    "a:\n\tb: 1\n",
    "a: 1 # x\ty\n",
    "a:\t1\n",
    "a: [1,\t2]\n",
    "a: |\n  x\ty\n",
    "a: !!set {x, y}\n",
    "a: !!map {x: 1}\n",
    "a: !!seq [1]\n",
    "a: !own {x: 1}\n",
    "datasets:\n  - path: x\n    type:\n      field: y\n    ds_type: json\nseed: 0123\nlearning_rate: 2e-4\nwarmup: 1:30\n",
    "a: b: c\n",
    "a: - b\n",
    "a : 1\n",
    "\"a\": 1\n",
    "'a': 1\n",
    "a: [\n1,\n2\n]\n",
    "a: {\nb: 1\n}\n",
    "a: \"\\U0001F600\"\n",
    "é: ü\n",
    "a: 1\r\nb: 2\r\n",
    "a: 1\rb: 2\r",
    "\u{feff}a: 1\n",
    "a: \u{feff}1\n",
    "a: >\n",
    "a: |\n",
    "a:\n\n\n",
    "key with spaces: 1\n",
    "a: 1\na b\n",
    "- - 1\n  - 2\n- 3\n",
    "a: {b: {c: [d, {e: f}]}}\n",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(SCALARS).prop_map(str::to_owned),
        2 => "[-+]?[0-9_]{1,6}([.:][0-9_]{0,4}){0,2}([eE][-+]?[0-9]{1,2})?",
        1 => "[0-2][0-9]{3}-[01]?[0-9]-[0-3]?[0-9]([Tt ][0-2]?[0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{0,7})?( ?(Z|[-+][0-2]?[0-9](:[0-5][0-9])?))?)?",
        1 => "[-+.:_a-zA-Z0-9 #,'\"\\[\\]{}!*?|>%@=<~/\\\\]{0,8}",
        1 => "[a-z_]{1,10}",
    ]
}

/// Texts with keys that differ, values of every kind, lists, maps, anchors and merges.
fn text() -> impl Strategy<Value = String> {
    let line = (word(), 0_u8..8, word());
    proptest::collection::vec(line, 1..6).prop_map(|lines| {
        let mut text = String::new();
        for (at, (value, shape, other)) in lines.into_iter().enumerate() {
            text += &match shape {
                0 => format!("k{at}: [{value}, {other}]\n"),
                1 => format!("k{at}: {{a: {value}, b: {other}}}\n"),
                2 => format!("k{at}:\n  - {value}\n  - {other}\n"),
                3 => format!("k{at}: &n{at}\n  a: {value}\n  b: {other}\nm{at}:\n  <<: *n{at}\n  b: 1\n"),
                4 => format!("k{at}: {value} # {other}\n"),
                5 => format!("k{at}:\n  {value}: {other}\n"),
                _ => format!("k{at}: {value}\n"),
            };
        }
        text
    })
}

#[test]
fn yaml_is_read_as_pyyaml_reads_it() {
    let mut texts: Vec<String> = TEXTS.iter().map(|text| (*text).to_owned()).collect();
    for scalar in SCALARS {
        for shape in
            ["k: S\n", "k: [S]\n", "k: [S, 1]\n", "k: {a: S}\n", "- S\n", "S: 1\n", "k: {S: 1}\n", "k: S"]
        {
            texts.push(shape.replace('S', scalar));
        }
    }
    let mut runner = TestRunner::deterministic();
    let strategy = text();
    texts.extend((0..CASES).map(|_| strategy.new_tree(&mut runner).unwrap().current()));
    let Some(answers) = ask_pyyaml(&texts) else {
        eprintln!("SKIPPED: there is no python3 with PyYAML on this machine to hold the texts against.");
        return;
    };
    assert_eq!(answers.len(), texts.len());
    let (mut read, mut refused, mut wrong) = (0, 0, Vec::new());
    for (text, answer) in texts.iter().zip(&answers) {
        let ours = parse_config(Some(ConfigType::Axolotl), text);
        match (ours, answer.get("value")) {
            (Ok(ours), Some(theirs)) if ours == *theirs => read += 1,
            (Err(problem), Some(theirs)) if may_refuse(&problem.message, theirs) => refused += 1,
            (Err(_), None) => refused += 1,
            (ours, _) => wrong.push(format!("{text:?}\n  here {ours:?}\n  PyYAML {answer}")),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        texts.len(),
        wrong[..wrong.len().min(60)].join("\n")
    );
    assert!(read > 1_000 && refused > 500, "{read} read, {refused} refused");
}

/// What PyYAML reads and a config is better without.
fn may_refuse(message: &str, theirs: &Value) -> bool {
    const STRICTER: &[&str] = &[
        "stands here a second time",
        "has no meaning in a config",
        "stands inside what it refers to",
        "half of a character",
        "a byte-order mark stands in the middle",
        "'-' can't stand here",
        "'#' can't stand here",
        "within [ ] and { }",
        "the key in front of the colon is missing",
    ];
    !theirs.is_object() || STRICTER.iter().any(|part| message.contains(part))
}

/// What PyYAML answers to each text; `None` without Python or PyYAML.
fn ask_pyyaml(texts: &[String]) -> Option<Vec<Value>> {
    let folder = tempfile::tempdir().unwrap();
    let questions = folder.path().join("questions.jsonl");
    let lines: String = texts.iter().map(|text| Value::from(text.as_str()).to_string() + "\n").collect();
    std::fs::write(&questions, lines).unwrap();
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pyyaml.py");
    let output = match Command::new("python3").args(["-I", program]).arg(&questions).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        other => other.unwrap(),
    };
    if output.status.code() == Some(3) {
        return None;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers = String::from_utf8(output.stdout).unwrap();
    Some(answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}
