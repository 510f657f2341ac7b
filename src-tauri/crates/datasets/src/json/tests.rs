//! A JSON list is read to its end, whatever is broken in it.
#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

use std::{ops::ControlFlow, path::Path};

use proptest::{prelude::*, sample::select};

use crate::{
    dataset_file::DatasetFile,
    json_text::JsonText,
    problem::Severity,
    read_options::ReadOptions,
    row_event::{Record, RowEvent},
    source::Source,
};

/// The rows as `line: JSON`, and the problems as `E3 message`.
fn read(content: &[u8], list: Option<&str>) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.json");
    std::fs::write(&path, content).unwrap();
    read_file(&path, list)
}

fn source(path: &Path, list: Option<&str>) -> Source {
    let options = ReadOptions { list: list.map(str::to_owned), ..ReadOptions::default() };
    Source::new(&DatasetFile::new(path, options))
}

fn read_file(path: &Path, list: Option<&str>) -> (Vec<String>, Vec<String>) {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    super::read(&source(path, list), list, &mut |event| {
        match event {
            RowEvent::Row { line, record: Record::Object(object), .. } => {
                let line = line.map_or(String::new(), |line| format!("{line}: "));
                rows.push(format!("{line}{}", prompts::Value::Object(object.clone())));
            }
            RowEvent::Problem(problem) => {
                let severity = if problem.severity == Severity::Error { 'E' } else { 'W' };
                let line = problem.line.map_or(String::new(), |line| line.to_string());
                problems.push(format!("{severity}{line} {}", problem.message));
            }
            _ => {}
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    (rows, problems)
}

#[test]
fn a_broken_row_does_not_end_the_list() {
    // The list, how many rows are read of it, and what is said.
    let cases: [(&str, usize, &[&str]); 25] = [
        (r#"[{"a": 1}, {"a": 2}]"#, 2, &[]),
        ("[]", 0, &[]),
        ("[\n{\"t\":\"a\"},\n{\"t\":\"b \\ud83d\"},\n{\"t\":\"c\"}]", 2, &["E3 * half of a character"]),
        ("[{\"t\":\"a\"},\n{\"t\":\"b},\n{\"t\":\"c\"}\n]", 2, &["E2 *not closed"]),
        ("[{\"t\":\"a\"},\n{\"t\":\"b\",\n{\"t\":\"c\"}]", 2, &["E2 *not closed"]),
        (r#"[{"t":"a"},{"t":"b",{"t":"c"}]"#, 2, &["E1 *not closed"]),
        (r#"[{"a":[1,2},{"a":3}]"#, 1, &["E1 *a comma or a closing bracket"]),
        (r#"[{"a":1},{"a":}, {"a":3}]"#, 2, &["E1 *a value is missing"]),
        (r#"[{"a":1]},{"a":2}]"#, 1, &["E1 *"]),
        (r#"[{"a":1}},{"a":2}]"#, 1, &["E1 *something stands behind"]),
        ("[\n {\"m\":[{\"r\":1},\n {\"r\":2}\n]", 1, &["E2 *not closed"]),
        (
            "[\n  {\n    \"t\": \"a,\n    \"n\": 1\n  },\n  {\n    \"t\": \"b\"\n  }\n]",
            1,
            &["E3 *goes over a line break"],
        ),
        ("[\n  {\n    \"m\": [\n  },\n  {\n    \"t\": \"b\"\n  }\n]", 1, &["E4 *a value is missing"]),
        (r#"[{"a":1},{"a":2},]"#, 2, &["W1 *a comma too many"]),
        (r#"[{"a":1},,,{"a":2}]"#, 2, &["W1 *a comma too many", "W1 *a comma too many"]),
        (r#"[{"a":1}{"a":2} {"a":3}]"#, 3, &["W1 *comma is missing", "W1 *comma is missing"]),
        (r#"[{"a":1},{"a":2}"#, 2, &["E1 *not closed: the file"]),
        (r#"[{"a":1},{"a":2"#, 1, &["E1 *the object is not closed"]),
        (r#"[{"a":1}][{"a":2}]"#, 1, &["E *after the end of the list, on line 1"]),
        ("[{\"a\":1}]\n\n", 1, &[]),
        ("[{\"a\":1}]\n\0\0", 1, &["E *after the end of the list, on line 2"]),
        (
            r#"[{"a":1},7,"x",null,[{"a":1}],{"a":2}]"#,
            2,
            &["E1 *a number", "E1 *a text", "E1 *null", "E1 *\"conversations\""],
        ),
        (r#"[{"a":1},{'a':2},{"a":NaN},{"a":3}]"#, 2, &["E1 *single quotes", "E1 *NaN"]),
        ("[// why\n{\"a\":1}]", 0, &["E1 *a comment"]),
        (
            r#"[{"a":1,"a":2},{"b":{"c":1,"c":2}}]"#,
            2,
            &["W1 *'a' is there more than once", "W1 *'c' is there more"],
        ),
    ];
    for (text, rows, expected) in cases {
        let (read, problems) = read(text.as_bytes(), None);
        assert_eq!(read.len(), rows, "{text}: {read:?} {problems:?}");
        assert_eq!(problems.len(), expected.len(), "{text}: {problems:?}");
        for (problem, expected) in problems.iter().zip(expected) {
            let (start, words) = expected.split_once('*').unwrap();
            assert!(
                problem.starts_with(start.trim_end()) && problem.contains(words.trim()),
                "{text}: {problem}"
            );
        }
    }
}

#[test]
fn bytes_that_are_no_text_break_one_row() {
    let (rows, problems) = read(b"[{\"a\":1},\n{\"a\":\"\xff\"},\n{\"a\":2}]", None);
    let named = "E2 This line is not UTF-8 text; it looks like Windows-1252. Save the file as UTF-8, or choose that \
                 encoding (--encoding windows-1252).";
    assert_eq!((rows.len(), problems), (2, vec![named.to_owned()]));
}

#[test]
fn a_list_in_an_object_is_read_where_it_is_chosen() {
    let object = r#"{"info": {"data": 1}, "train": [{"q": "]"}, {"q": 2}],
        "data": [{"q": 3}, {"q": "\ud800"}, {"q": 4}], "more": [1]}"#;
    assert_eq!(read(object.as_bytes(), Some("train")).0, ["1: {\"q\":\"]\"}", "1: {\"q\":2}"]);
    let (rows, problems) = read(object.as_bytes(), Some("data"));
    assert_eq!((rows, problems.len()), (vec!["2: {\"q\":3}".to_owned(), "2: {\"q\":4}".to_owned()], 1));
    for (key, words) in [("info", "no list"), ("none", "no key 'none'"), ("q", "no key 'q'")] {
        let (rows, problems) = read(object.as_bytes(), Some(key));
        assert!(rows.is_empty() && problems[0].contains(words), "{problems:?}");
    }
}

#[test]
fn a_row_is_found_at_the_place_that_was_noted_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.json");
    std::fs::write(&path, "{\"x\": [1], \"data\": [{\"a\": 1},\n  {\"a\": 2}, {\"a\": 3}], \"y\": 2}")
        .unwrap();
    let (mut places, mut number) = (Vec::new(), 0);
    super::read(&source(&path, Some("data")), Some("data"), &mut |event| {
        if let RowEvent::Row { start, line, .. } = event {
            places.push(crate::index::RowOffset { rows: number, byte: start, line: line.unwrap() });
            number += 1;
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    for place in places {
        let mut rows = Vec::new();
        super::read_from(&source(&path, Some("data")), place, &mut |event| {
            match event {
                RowEvent::Row { line, record: Record::Object(object), .. } => {
                    rows.push((line.unwrap(), object["a"].to_string()));
                }
                RowEvent::Problem(problem) => panic!("{problem:?}"),
                _ => {}
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        let all = [(1, "1".to_owned()), (2, "2".to_owned()), (2, "3".to_owned())];
        assert_eq!(rows, all[usize::try_from(place.rows).unwrap()..]);
    }
}

const GOOD: [&str; 6] = [
    r#"{"t":"a"}"#,
    r#"{"t":"],[{}\\\" \n","n":-0}"#,
    r#"{"m":[{"role":"user","content":"é😀"},{"role":"assistant"}],"n":123456789012345678901}"#,
    "{}",
    "{\n  \"t\": [\n    1,\n    {\n      \"x\": 2\n    }\n  ]\n}",
    r#"{"t":{"u":{"v":[[],[{}]]}}}"#,
];
/// Broken rows, whose brackets or line breaks show where they end.
const BROKEN: [&str; 9] = [
    r#"{"t":"\ud83d"}"#,
    r#"{"t":}"#,
    r"{'t':1}",
    r#"{"t":NaN}"#,
    r#"{"t":[1,2}"#,
    r#"{"t" 1}"#,
    "7",
    r#"[{"role":"user"}]"#,
    r#"{"t":01}"#,
];
/// Broken rows that end only where the next line begins.
const UNCLOSED: [&str; 3] = [r#"{"t":"a}"#, r#"{"t":"a""#, r#"{"t":1"#];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Rows read and rows named are the rows there, and the rows read are those that are whole, each as it is
    /// written, on its line.
    #[test]
    fn every_row_is_read_or_named(
        rows in prop::collection::vec((0..3_u8, 0..100_usize), 1..40),
        indent in select(vec!["", "  ", "\t"]),
        wrapped in any::<bool>(),
        dense in any::<bool>(),
    ) {
        // The first row shows that this is a list of objects.
        let first = std::iter::once((true, GOOD[0]));
        let rows: Vec<(bool, &str)> = first.chain(rows
            .iter()
            .map(|(kind, at)| match kind {
                0 if !dense => (false, UNCLOSED[at % UNCLOSED.len()]),
                // Only an object shows that the row before it ended.
                0 | 1 if !dense => (false, BROKEN[at % 5]),
                0 | 1 => (false, BROKEN[at % BROKEN.len()]),
                _ => (true, GOOD[at % GOOD.len()]),
            }))
            .collect();
        let texts: Vec<String> =
            rows.iter().map(|(_, text)| text.replace('\n', &format!("\n{indent}"))).collect();
        let list = if dense { texts.join(", ") } else { texts.join(&format!(",\n{indent}")) };
        // The last row ends with the list, even if it is not closed.
        let list = if dense { format!("[{list}]") } else { format!("[\n{indent}{list}\n]") };
        let (text, key) = match wrapped {
            true => (format!("{{\"n\": [1], \"data\": {list}\n}}"), Some("data")),
            false => (list, None),
        };
        let (read, problems) = read(text.as_bytes(), key);
        let unclosed_last = !dense && UNCLOSED.contains(&rows.last().map_or("", |(_, text)| *text));
        let whole: Vec<String> = rows
            .iter()
            .filter(|(good, _)| *good)
            .map(|(_, text)| JsonText::parse(text.as_bytes()).unwrap().value.to_string())
            .collect();
        let read: Vec<&str> = read.iter().map(|row| row.split_once(": ").unwrap().1).collect();
        prop_assert_eq!(&read, &whole, "{}", text);
        let errors = problems.iter().filter(|problem| problem.starts_with('E')).count();
        let broken = rows.iter().filter(|(good, _)| !good).count();
        if !unclosed_last {
            prop_assert_eq!(errors, broken, "{}: {:?}", text, problems);
        }
    }

    /// Nothing ends the reading early or makes it stand still.
    #[test]
    fn any_text_comes_to_its_end(pieces in prop::collection::vec(select(vec![
        "[", "]", "{", "}", ",", ":", "\"", "\\", "\n", " ", "1", "{\"a\":1}", "é", "\n  {", "null", "\0",
    ]), 0..60), list in any::<bool>()) {
        let (start, list) = if list { ("{\"a\": [{\"a\": 1}", Some("a")) } else { ("[{\"a\": 1}", None) };
        let (rows, _) = read(format!("{start}{}", pieces.concat()).as_bytes(), list);
        prop_assert!(rows.len() <= pieces.len() + 1);
    }
}
