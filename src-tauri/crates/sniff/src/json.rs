//! Which form of JSON a file holds: a list, lines, or one object with the rows somewhere within.

use std::{fmt, io};

use resources::DatasetType;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::head::Head;

/// Which form of JSON a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonForm {
    /// An object a line.
    Lines,
    /// A list of objects, or of other things.
    List,
    /// One object.
    Object,
    /// Objects one behind the other that go over several lines.
    SpreadObjects,
}

impl JsonForm {
    /// The form of a text that begins so; `None` if it is not JSON. `named` is what its
    /// name says: of JSON Lines a single line is a row.
    pub fn from_head(head: &Head, named: Option<DatasetType>) -> Option<Self> {
        let lines = named == Some(DatasetType::ProjectJsonl);
        let mut each = head.lines();
        let first = each.next()?;
        let second = each.next();
        // The first line is whole if another follows or the text ends with it.
        let whole = second.is_some() || head.complete || head.bytes.trim_ascii_start().contains(&b'\n');
        let parsed = serde_json::from_slice::<IgnoredAny>(first);
        match first {
            [b'{', ..] => match parsed {
                Ok(_) if second.is_some_and(|line| line.starts_with(b"{")) => Some(Self::Lines),
                Ok(_) if second.is_some() || lines => Some(Self::Lines),
                Ok(_) => Some(Self::Object),
                // One long line: only the name says what is in it.
                Err(error) if !whole => match named {
                    Some(DatasetType::ProjectJsonl) => Some(Self::Lines),
                    Some(DatasetType::ProjectJson) if error.is_eof() => Some(Self::Object),
                    _ => None,
                },
                Err(error) if error.is_eof() && second.is_some_and(|line| !line.starts_with(b"{\"")) => {
                    Some(head.object_or_objects())
                }
                // Objects a line, of which the first is broken.
                Err(_) if second.is_some_and(|line| line.starts_with(b"{")) => Some(Self::Lines),
                Err(_) => lines.then_some(Self::Lines),
            },
            [b'[', rest @ ..] => {
                let next = rest.trim_ascii_start().first().or_else(|| second.and_then(<[u8]>::first));
                let list_a_line = parsed.is_ok() && (second.is_some_and(|line| line.starts_with(b"[")));
                match next {
                    _ if list_a_line => lines.then_some(Self::Lines),
                    Some(b'{' | b']') => Some(Self::List),
                    _ if parsed.is_ok() && second.is_none() => Some(Self::List),
                    // A list of texts or lists over several lines.
                    Some(b'[' | b'"') if parsed.as_ref().is_err_and(serde_json::Error::is_eof) => {
                        Some(Self::List)
                    }
                    _ => None,
                }
            }
            // A JSON text sequence (RFC 7464), whose reader says what is wrong with each line.
            [0x1e, b'{', ..] => Some(Self::Lines),
            _ => None,
        }
    }
}

impl Head {
    /// Whether the text is one object over several lines or several of them.
    fn object_or_objects(&self) -> JsonForm {
        let mut values = serde_json::Deserializer::from_slice(&self.bytes).into_iter::<IgnoredAny>();
        let first = values.next();
        let rest = self.bytes.get(values.byte_offset()..).unwrap_or_default().trim_ascii_start();
        if matches!(first, Some(Ok(_))) && rest.starts_with(b"{") {
            JsonForm::SpreadObjects
        } else {
            JsonForm::Object
        }
    }
}

/// What the keys of a single object hold.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct JsonObject {
    /// The keys with a list of objects.
    pub lists: Vec<String>,
    /// How many keys hold a list of other things, or an object of values by number.
    columns: usize,
    keys: usize,
}

impl JsonObject {
    /// Reads a text whose first value is an object. Where it is broken, what was read before counts.
    ///
    /// # Errors
    /// The text can't be read or unpacked.
    pub fn read(text: impl io::Read) -> io::Result<Self> {
        let mut found = Self::default();
        let mut json = serde_json::Deserializer::from_reader(io::BufReader::new(text));
        // A broken end does not change what the keys before it are.
        match json.deserialize_map(Keys(&mut found)) {
            Err(error) if error.is_io() => Err(error.into()),
            _ => Ok(found),
        }
    }

    /// Whether every key is a column, with the values of all rows.
    pub fn is_columns(&self) -> bool {
        self.columns > 0 && self.columns == self.keys
    }

    /// Why the object is not read as rows, and the way out.
    pub fn refusal(&self) -> String {
        match self.lists.as_slice() {
            [] => {
                "The file is one object, not a list of objects. If it is a row, put it into brackets: [{…}]. \
                   If its rows are elsewhere, choose that file."
                    .to_owned()
            }
            [only] => format!(
                "The file is one object; its rows are the list under '{only}'. Choose that list (--list {only})."
            ),
            [first, ..] => format!(
                "The file is one object with several lists of rows: '{}'. Choose one of them (--list {first}).",
                self.lists.join("', '")
            ),
        }
    }
}

struct Keys<'a>(&'a mut JsonObject);

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.0.keys += 1;
            match map.next_value::<Content>()? {
                Content::Rows => self.0.lists.push(key),
                Content::Column => self.0.columns += 1,
                Content::Other => {}
            }
        }
        Ok(())
    }
}

/// What stands under a key, of which nothing is kept.
enum Content {
    /// A list that begins with an object.
    Rows,
    /// A list of other things, or an object whose keys are numbers.
    Column,
    Other,
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Content, A::Error> {
        let first = list.next_element::<FirstElement>()?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(if first.is_some_and(|first| first.0) { Content::Rows } else { Content::Column })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut numbers = true;
        let mut keys = 0;
        while let Some((key, _)) = map.next_entry::<String, IgnoredAny>()? {
            keys += 1;
            numbers &= key.bytes().all(|byte| byte.is_ascii_digit());
        }
        Ok(if numbers && keys > 0 { Content::Column } else { Content::Other })
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Other)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Content, E> {
        Ok(Content::Other)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Content, E> {
        Ok(Content::Other)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Content, E> {
        Ok(Content::Other)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Content, E> {
        Ok(Content::Other)
    }
    fn visit_str<E>(self, _: &str) -> Result<Content, E> {
        Ok(Content::Other)
    }
}

/// Whether a value is an object.
struct FirstElement(bool);

impl<'de> Deserialize<'de> for FirstElement {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(json)?;
        Ok(Self(value.is_object()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

    use resources::DatasetType;

    use super::{JsonForm, JsonObject};
    use crate::Head;

    fn form(text: &str, lines: bool) -> Option<JsonForm> {
        let named = if lines { DatasetType::ProjectJsonl } else { DatasetType::ProjectJson };
        JsonForm::from_head(&Head { bytes: text.as_bytes().to_vec(), complete: true }, Some(named))
    }

    #[test]
    fn forms_of_json_are_distinguished() {
        use JsonForm::{Lines, List, Object, SpreadObjects};
        for (text, called_json, called_lines) in [
            ("{\"a\": 1}\n{\"a\": 2}\n", Some(Lines), Some(Lines)),
            ("{\"a\": 1}\n", Some(Object), Some(Lines)),
            ("[{\"a\": 1}]\n", Some(List), Some(List)),
            ("[\n{\"a\": 1},\n{\"a\": 2}\n]\n", Some(List), Some(List)),
            ("[]\n", Some(List), Some(List)),
            ("[{\"a\": 1}]\n[{\"a\": 2}]\n", None, Some(Lines)),
            ("{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", Some(SpreadObjects), Some(SpreadObjects)),
            ("{\n  \"data\": [\n    {\"a\": 1}\n  ]\n}\n", Some(Object), Some(Object)),
            ("{'a': 1}\n{'a': 2}\n", Some(Lines), Some(Lines)),
            ("{\"a\": 1,\n{\"a\": 2}\n", Some(Lines), Some(Lines)),
            ("{\"a\": 1},\n{\"a\": 2}\n", Some(Lines), Some(Lines)),
            ("[\"a\", \"b\"]\n", Some(List), Some(List)),
            ("text,label\na,b\n", None, None),
            ("[note] a,b\n1,2\n", None, None),
            ("// why\n{\"a\": 1}\n", None, None),
        ] {
            assert_eq!((form(text, false), form(text, true)), (called_json, called_lines), "{text:?}");
        }
    }

    #[test]
    fn an_object_is_refused_with_the_way_to_its_rows() {
        for (text, says, way) in [
            (r#"{"data": [{"q": 1}]}"#, "the list under 'data'", "--list data"),
            (r#"{"version": "2", "data": [{"q": 1}, {"q": 2}]}"#, "the list under 'data'", "--list data"),
            (r#"{"train": [{"q": 1}], "test": [{"q": 2}]}"#, "'train', 'test'", "--list train"),
            (r#"{"q": "a", "tags": ["x"]}"#, "one object, not a list", "brackets"),
            (r#"{"data": [{"q": 1}], "broken": "#, "the list under 'data'", "--list data"),
            ("{}", "one object, not a list", "brackets"),
        ] {
            let refusal = JsonObject::read(text.as_bytes()).unwrap().refusal();
            assert!(refusal.contains(says) && refusal.contains(way), "{text}: {refusal}");
        }
    }

    #[test]
    fn an_object_of_lists_holds_columns() {
        for (text, columns) in [
            (r#"{"q": ["a", "b"], "a": ["c", "d"]}"#, true),
            (r#"{"q": {"0": "a", "1": "b"}, "a": {"0": "c"}}"#, true),
            (r#"{"text": ["a"]}"#, true),
            (r#"{"messages": [["a"], ["b"]]}"#, true),
            (r#"{"q": ["a"], "rows": [{"q": 1}]}"#, false),
            (r#"{"q": ["a"], "n": 1}"#, false),
            (r#"{"q": {"name": "a"}}"#, false),
            ("{}", false),
        ] {
            assert_eq!(JsonObject::read(text.as_bytes()).unwrap().is_columns(), columns, "{text}");
        }
    }
}
