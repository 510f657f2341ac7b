//! Texts of other programs that are kept although they break a rule of their column.

use configs::{ConfigType, parse_config};
use schema::{Column, Kind, Table, in_sentence, with_article};
use serde::de::IgnoredAny;

/// The columns of a row with a text that does not parse, each with the problem. `text` returns the text of
/// the column at an index of the table.
pub fn unparsed<'a>(table: &Table, text: impl Fn(usize) -> Option<&'a str>) -> Vec<(&'static str, String)> {
    let is_yaml = || {
        let place = table.columns.iter().position(|column| column.name == "type");
        place.and_then(&text) == Some(ConfigType::Axolotl.into_str())
    };
    let fault = |(at, column): (usize, &Column)| {
        let text = text(at).filter(|text| column.kind == Kind::Code && !text.trim().is_empty())?;
        let kind = if is_yaml() {
            ConfigType::Axolotl
        } else if serde_json::from_str::<IgnoredAny>(text).is_ok() {
            // To build the values of a text takes longer than to see that it has some.
            return None;
        } else {
            ConfigType::Custom
        };
        Some((column.name, parse_config(Some(kind), text).err()?.to_string()))
    };
    table.columns.iter().enumerate().filter_map(fault).collect()
}

/// The problem with a text of a column with a fixed list of values, if the text is not one of them.
pub fn unknown_choice(column: &Column, text: &str) -> Option<String> {
    let Kind::Choice { options } = column.kind else { return None };
    let unknown = options.iter().all(|option| option.value != text);
    unknown
        .then(|| format!("'{text}' is not {} this program knows.", with_article(&in_sentence(column.label))))
}
