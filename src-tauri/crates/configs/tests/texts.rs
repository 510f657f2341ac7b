//! The messages for texts that are no config, and for texts whose reading may surprise.
#![cfg(test)]

use std::time::{Duration, Instant};

use configs::{ConfigType, parse_config};
use serde_json::{Value, json};

fn json_problem(text: &str) -> String {
    parse_config(Some(ConfigType::LoraConfig), text).expect_err(text).to_string()
}

fn yaml_problem(text: &str) -> String {
    parse_config(Some(ConfigType::Axolotl), text).expect_err(text).to_string()
}

fn yaml(text: &str) -> Value {
    parse_config(Some(ConfigType::Axolotl), text).unwrap_or_else(|problem| panic!("{text:?}: {problem}"))
}

/// Words of parsers that say nothing to a person.
const LIBRARY_WORDS: &[&str] = &[
    "expected value",
    "expected ident",
    "EOF",
    "key must be a string",
    "trailing characters",
    "untagged",
    "invalid type",
    "DuplicateKeyPolicy",
    "from_str_multiple",
    "budget",
    "Nodes",
    "mapping value",
    "flow sequence",
    "block mapping",
    "at line",
    "serde",
    "scalar",
    "document start",
    "<stream",
    "Options",
    "indicator",
    "token",
    "hex escape",
    "control character",
    "recursion limit",
    "expected `",
];

#[test]
fn faults_of_json_are_named_for_what_they_are() {
    for (text, reported) in [
        ("{\"r\": 8} // rank", "Line 1, column 10: This is not JSON: JSON has no comments. Delete this one."),
        (
            "{\n  # rank\n  \"r\": 8\n}",
            "Line 2, column 3: This is not JSON: JSON has no comments. Delete this one.",
        ),
        ("{\"r\": /* rank */ 8}", "JSON has no comments"),
        ("{\"r\": 8, // rank\n \"x\": 1}", "JSON has no comments"),
        (
            "{'r': 8}",
            "Line 1, column 2: This is not JSON: texts and keys stand in double quotes, not in single ones.",
        ),
        ("{\"bias\": 'none'}", "texts and keys stand in double quotes, not in single ones"),
        (
            "{\"r\": 8,}",
            "Line 1, column 9: This is not JSON: a comma stands before this bracket with nothing behind it. Delete the comma.",
        ),
        ("{\"x\": [1, 2,\n]}", "Line 2, column 1: This is not JSON: a comma stands before"),
        (
            "{\"x\": NaN}",
            "Line 1, column 7: This is not JSON: NaN is written by Python alone, and no setting takes it. Write a number, or null.",
        ),
        ("{\"x\": nan}", "nan is written by Python alone"),
        ("{\"x\": [1.0, Infinity]}", "Line 1, column 13: This is not JSON: Infinity is written"),
        ("{\"x\": -Infinity}", "Line 1, column 7: This is not JSON: -Infinity is written"),
        ("{\"x\": True}", "True is Python. Write true"),
        ("{\"x\": False, \"y\": 1}", "False is Python. Write false"),
        ("{\"x\": None}", "None is no JSON. Write null"),
        ("{\"x\": undefined}", "undefined is no JSON. Write null"),
        ("{r: 8}", "a key stands in double quotes"),
        ("{“r”: 8}", "straight quotes"),
        ("{\"r\" 8}", "a colon is missing after this key"),
        ("{\"r\": 8 \"x\": 1}", "a comma is missing in front of this"),
        ("{\"r\": 8\n\"x\": 1}", "Line 2, column 1: This is not JSON: a comma is missing"),
        ("{\"r\": 8", "it ends before the } that closes the settings"),
        ("{\"x\": [1, 2", "it ends before the ] that closes a list"),
        ("{\"x\": \"abc", "it ends within a text"),
        ("{\"x\":", "it ends before"),
        ("{\"r\": 8}}", "more text follows after the end"),
        ("{\"r\": 8}\n{\"r\": 9}", "Line 2, column 1: This is not JSON: more text follows"),
        ("{\"r\": 08}", "a number does not begin with zeros, as 08 does"),
        ("{\"r\": +8}", "a number has no plus in front"),
        ("{\"r\": .5}", "a number has a digit before its point"),
        ("{\"r\": 1.}", "1. is no number"),
        ("{\"r\": 1e999}", "this number is too large"),
        ("{\"x\": \"a\\qb\"}", r"\ begins no known escape"),
        ("{\"x\": \"C:\\data\"}", r"Write \\ for a backslash"),
        ("{\"x\": \"a\nb\"}", "a line break or a tab stands in a text"),
        ("{\"x\": \"\\ud83d\"}", "half of a character"),
        ("{\"x\": \"\\ud83d and more\"}", "half of a character"),
        ("do_sample: true", "it begins with do_sample instead of {"),
        ("r = 8", "it begins with r instead of {"),
        ("", "The text is empty"),
        (" \n ", "The text is empty"),
        ("{\"x\": hello}", "a text such as hello stands in double quotes"),
        ("{\"x\": \u{a0}1}", "the invisible character U+00A0"),
        ("{\"é\": é}", "Line 1, column 7: This is not JSON: a text such as é stands in double quotes."),
        ("[1, 2]", "The settings must be named: write them as key and value."),
        ("8", "The settings must be named"),
        ("\"r\"", "The settings must be named"),
    ] {
        let problem = json_problem(text);
        assert!(problem.contains(reported), "{text:?}: {problem}");
        for word in LIBRARY_WORDS {
            assert!(!problem.contains(word), "{text:?}: {problem}");
        }
    }
    assert!(json_problem(&"[".repeat(5000)).contains("more than 128 deep"));
}

#[test]
fn a_key_that_stands_twice_is_refused_wherever_it_is() {
    for (text, reported) in [
        (
            "{\"r\": 8, \"r\": 16}",
            "Line 1, column 10: The key r stands here a second time. Delete one of the two.",
        ),
        ("{\n \"a\": {\"x\": 1,\n  \"x\": 1}\n}", "Line 3, column 3: The key x stands here a second time."),
        ("{\"a\": [{\"x\": 1}, {\"x\": 1, \"\\u0078\": 2}]}", "The key x stands here a second time"),
        ("{\"a\\\"b\": 1, \"c\": \"{\", \"a\\\"b\": 2}", "The key a\"b stands here a second time"),
        (
            "{\"a\": 1, \"b\": {\"a\": 1}, \"c\": [\"a\", \"a\"], \"a\": 2}",
            "The key a stands here a second time",
        ),
    ] {
        let problem = json_problem(text);
        assert!(problem.contains(reported), "{text:?}: {problem}");
    }
    for text in [
        "{\"a\": {\"a\": {\"a\": 1}}, \"b\": {\"a\": 2}}",
        "{\"a\": [{\"x\": 1}, {\"x\": 2}], \"x\": \"a\", \"y\": [\"a\", \"a\", \"x\"]}",
        "{\"a\": \"a\", \"b\": \"\\\"a\\\": 1, \\\"a\\\"\"}",
    ] {
        assert!(parse_config(Some(ConfigType::LoraConfig), text).is_ok(), "{text}");
    }
    for (text, reported) in [
        (
            "a: 1\nb: 2\na: 3\n",
            "Line 3, column 1: The key a stands here a second time. Delete one of the two.",
        ),
        ("a: {x: 1, 'x': 2}\n", "The key x stands here a second time"),
        ("a:\n  - x: 1\n    x: 2\n", "Line 3, column 5: The key x stands here a second time."),
        ("1: a\n1.0: b\n", "stands here a second time"),
        ("1: a\ntrue: b\n", "stands here a second time"),
        ("on: a\nyes: b\n", "stands here a second time"),
    ] {
        let problem = yaml_problem(text);
        assert!(problem.contains(reported), "{text:?}: {problem}");
    }
    assert_eq!(yaml("a: &x {k: 1, m: 2}\nb:\n  <<: *x\n  k: 3\n")["b"], json!({"k": 3, "m": 2}));
    assert_eq!(yaml("1: a\n\"1\": b\n"), json!({"!!int 1": "a", "1": "b"}), "two keys for Python");
}

#[test]
fn faults_of_yaml_are_put_in_plain_words() {
    for (text, reported) in [
        ("a: 1\nb: [1\nc: 2\n", "Line 3, column 2: This is not YAML: a second colon stands here."),
        ("a: 1\n b: 2\n", "Line 2"),
        ("a:\n  b: 1\n c: 2\n", "does not fit the indentation above it"),
        ("a: \"x\n", "a quote is not closed"),
        ("a: [1, 2\n", "a [ is not closed"),
        ("a: {b: 1\n", "a { is not closed"),
        ("a: [1}\n", "a [ is closed with }"),
        ("a: *gone\n", "this alias (*) has no anchor (&)"),
        ("a: &x [*x]\n", "This alias stands inside what it refers to."),
        ("a: &x 1\nb: &x 2\n", "The anchor &x is defined a second time. Rename one of the two."),
        ("a: 1\n---\nb: 2\n", "Line 2, column 1: A second document begins here."),
        ("a:\tb\n", "Line 1, column 3: This is not YAML: a tab stands here. YAML takes spaces alone."),
        ("a:\n\tb: 1\n", "a tab stands here"),
        ("a: b: c\n", "a second colon stands here. Put a text with a colon in quotes"),
        ("a: @x\n", "a text can't begin with @ here. Put it in quotes."),
        ("a: `x`\n", "a text can't begin with ` here"),
        ("a: %x\n", "a text can't begin with % here"),
        ("a: 'x' y\n", "text follows a closing quote"),
        ("a: \"\\q\"\n", r"\ begins no known escape here"),
        ("a: !own 1\n", "The tag !own has no meaning in a config."),
        ("a: !!python/name:os.system\n", "The tag python/name:os.system has no meaning in a config."),
        ("a: !!int x\n", "The tag !!int does not fit \"x\"."),
        ("a: 2024-02-30\n", "There is no date 2024-02-30. Put it in quotes if it is a text."),
        ("a: 0x_\n", "0x_ is no number"),
        ("a: =\n", "This sign has a meaning of its own as a value. Put it in quotes."),
        ("[a]: 1\n", "A list or a map can't be a key. Write a text."),
        (": 1\n", "the key in front of the colon is missing"),
        ("a: 1\nb:\n  <<: 1\n", "Only a map, or a list of maps, can be merged with <<."),
        ("a: \u{1}\n", "The invisible character U+0001 can't stand in YAML. Delete it."),
        ("a: x\u{2028}y\n", "U+2028"),
        ("a: \"\\ud83d\"\n", "half of a character"),
        ("- a\n", "The settings must be named"),
        ("", "The settings must be named"),
        ("just words\n", "The settings must be named"),
    ] {
        let problem = yaml_problem(text);
        assert!(problem.contains(reported), "{text:?}: {problem}");
        for word in LIBRARY_WORDS {
            assert!(!problem.contains(word), "{text:?}: {problem}");
        }
    }
    assert!(
        yaml_problem(&format!("a: {}{}\n", "[".repeat(200), "]".repeat(200))).contains("deep in each other")
    );
}

/// A text of a few lines whose aliases stand for billions of values.
#[test]
fn aliases_that_multiply_are_refused_at_once() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..=30 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    let started = Instant::now();
    let problem = yaml_problem(&bomb);
    assert!(started.elapsed() < Duration::from_millis(500), "{:?}", started.elapsed());
    assert!(problem.contains("has more than 100000 values"), "{problem}");
    let chain = (1..400).fold("a0: &a0 x\n".to_owned(), |text, level| {
        format!("{text}a{level}: &a{level} [*a{}]\n", level - 1)
    });
    assert!(yaml_problem(&chain).contains("more than 128 deep"));
}

#[test]
fn a_byte_order_mark_is_read_over() {
    let json = parse_config(Some(ConfigType::LoraConfig), "\u{feff}{\"r\": 8}").unwrap();
    assert_eq!(json, json!({"r": 8}));
    assert_eq!(yaml("\u{feff}a: 1\n"), json!({"a": 1}));
    assert!(json_problem("{\u{feff}\"r\": 8}").contains("the invisible character U+FEFF"));
}

/// The same whether or not Python is there to compare with.
#[test]
fn yaml_is_that_of_pyyaml() {
    for (text, value) in [
        ("0123", json!(83)),
        ("007", json!(7)),
        ("0o17", json!("0o17")),
        ("08", json!("08")),
        ("0x1f", json!(31)),
        ("1:30", json!(90)),
        ("1:30.5", json!(90.5)),
        ("2e-4", json!("2e-4")),
        ("2.0e-4", json!(0.0002)),
        ("1e3", json!("1e3")),
        ("1_000", json!(1000)),
        ("n", json!("n")),
        ("y", json!("y")),
        ("no", json!(false)),
        ("off", json!(false)),
        ("~", json!(null)),
        (".inf", json!("!!float .inf")),
        ("2024-01-31", json!("!!timestamp 2024-01-31")),
        ("12345678901234567890123", json!("!!int 12345678901234567890123")),
        ("\"0123\"", json!("0123")),
        ("'no'", json!("no")),
        ("!!str 12", json!("12")),
        ("! '12'", json!(12)),
        ("|\n  a\n  b", json!("a\nb")),
        ("http://x/y", json!("http://x/y")),
        ("-1", json!(-1)),
        ("+1", json!(1)),
    ] {
        assert_eq!(yaml(&format!("a: {text}"))["a"], value, "{text}");
    }
}
