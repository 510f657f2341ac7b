//! YAML texts in the style of Python's PyYAML: blocks, keys in alphabetical order, `key:` for null, quotes where
//! they are needed.

use serde_json::{Map, Number, Value};
use studio::configs::{ConfigType, parse_config};

/// The text of a mapping; none where it could not be written so that it is read back the same.
pub(crate) fn to_text(value: &Value) -> Option<String> {
    let mut text = String::new();
    write_mapping(&mut text, value.as_object()?, 0);
    (parse(&text).as_ref() == Some(value)).then_some(text)
}

fn parse(text: &str) -> Option<Value> {
    parse_config(Some(ConfigType::Axolotl), text).ok()
}

fn write_mapping(text: &mut String, mapping: &Map<String, Value>, depth: usize) {
    let mut keys: Vec<&String> = mapping.keys().collect();
    keys.sort_unstable();
    for key in keys {
        indent(text, depth);
        text.push_str(&scalar(key));
        text.push(':');
        match &mapping[key] {
            Value::Object(inner) if !inner.is_empty() => {
                text.push('\n');
                write_mapping(text, inner, depth + 1);
            }
            // The items of a list stand below its key, not further in.
            Value::Array(items) if !items.is_empty() => {
                text.push('\n');
                write_items(text, items, depth);
            }
            Value::Null => text.push('\n'),
            leaf => {
                text.push(' ');
                write_leaf(text, leaf);
            }
        }
    }
}

fn write_items(text: &mut String, items: &[Value], depth: usize) {
    for item in items {
        indent(text, depth);
        text.push('-');
        match item {
            // What is within an item begins on its line, two characters further in.
            Value::Object(inner) if !inner.is_empty() => {
                let mut block = String::new();
                write_mapping(&mut block, inner, depth + 1);
                text.push(' ');
                text.push_str(block.trim_start_matches(' '));
            }
            Value::Array(inner) if !inner.is_empty() => {
                let mut block = String::new();
                write_items(&mut block, inner, depth + 1);
                text.push(' ');
                text.push_str(block.trim_start_matches(' '));
            }
            Value::Null => text.push('\n'),
            leaf => {
                text.push(' ');
                write_leaf(text, leaf);
            }
        }
    }
}

fn write_leaf(text: &mut String, leaf: &Value) {
    match leaf {
        Value::String(string) => text.push_str(&scalar(string)),
        Value::Number(number) => text.push_str(&self::number(number)),
        other => text.push_str(&other.to_string()),
    }
    text.push('\n');
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}

/// A number as PyYAML writes it: with an exponent below 0.0001 and from 1e16, after a fraction, with a sign and
/// two digits.
fn number(number: &Number) -> String {
    let float = number.as_f64().filter(|_| number.is_f64());
    let scientific = float.map(|float| format!("{float:e}"));
    let parts = scientific.as_deref().and_then(|text| text.split_once('e'));
    let parts = parts.and_then(|(mantissa, exponent)| Some((mantissa, exponent.parse::<i32>().ok()?)));
    match parts {
        Some((mantissa, exponent)) if !(-4..16).contains(&exponent) => {
            let fraction = if mantissa.contains('.') { "" } else { ".0" };
            format!("{mantissa}{fraction}e{exponent:+03}")
        }
        _ => number.to_string(),
    }
}

/// A text without quotes if it is read back as the same text, else with them.
fn scalar(string: &str) -> String {
    let read_back = |written: &str| {
        let expected = Map::from_iter([(string.to_owned(), Value::String(string.to_owned()))]);
        parse(&format!("{written}: {written}\n")) == Some(Value::Object(expected))
    };
    if !string.is_empty() && read_back(string) {
        return string.to_owned();
    }
    let single = format!("'{}'", string.replace('\'', "''"));
    if read_back(&single) { single } else { Value::String(string.to_owned()).to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mapping_is_written_as_pyyaml_writes_it() {
        let value = json!({
            "b": null, "a": {"d": [], "c": [1, [2, 3], {"y": true, "x": "no"}]},
            "rate": 2e-5, "large": 1e16, "half": 0.5, "whole": 3.0,
            "texts": ["", " padded ", "a: b", "# none", "it's", "two\nlines", "1e3", "~", "Größe"],
        });
        let expected = r#"a:
  c:
  - 1
  - - 2
    - 3
  - x: 'no'
    y: true
  d: []
b:
half: 0.5
large: 1.0e+16
rate: 2.0e-05
texts:
- ''
- ' padded '
- 'a: b'
- '# none'
- it's
- "two\nlines"
- 1e3
- '~'
- Größe
whole: 3.0
"#;
        assert_eq!(to_text(&value).unwrap(), expected);
        assert_eq!(parse(expected), Some(value));
    }

    #[test]
    fn what_is_no_mapping_is_not_written() {
        assert_eq!(to_text(&json!([1])), None);
    }
}
