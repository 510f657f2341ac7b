//! Values as a page of rows shows them: bytes, which rows hold as Base64, are cut to their beginning.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use prompts::Value;
use serde::{Serialize as _, Serializer};

/// Texts of up to so many characters are shown as they are.
const LONGEST: usize = 256;
/// So many characters of cut ones are shown.
const KEPT: usize = 40;

/// Writes the values of a row with their bytes cut, for `#[serde(serialize_with)]`.
///
/// # Errors
/// They can't be written.
pub fn serialize<S: Serializer>(values: &[Value], to: S) -> Result<S::Ok, S::Error> {
    let each = values.iter().map(|value| shown(value).unwrap_or_else(|| value.clone()));
    each.collect::<Vec<_>>().serialize(to)
}

/// The value with its bytes cut; none if it holds none.
pub fn shown(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => {
            let (start, bytes) = (text.get(..KEPT)?, bytes_in(text)?);
            Some(Value::String(format!("{start}… ({bytes} bytes as Base64)")))
        }
        Value::Array(values) => {
            let cut: Vec<_> = values.iter().map(shown).collect();
            let or_own = |(cut, own): (Option<Value>, &Value)| cut.unwrap_or_else(|| own.clone());
            cut.iter().any(Option::is_some).then(|| cut.into_iter().zip(values).map(or_own).collect())
        }
        Value::Object(entries) => {
            let cut: Vec<_> = entries.values().map(shown).collect();
            let or_own = |(cut, (key, own)): (Option<Value>, (&String, &Value))| {
                (key.clone(), cut.unwrap_or_else(|| own.clone()))
            };
            let entries = || Value::Object(cut.iter().cloned().zip(entries).map(or_own).collect());
            cut.iter().any(Option::is_some).then(entries)
        }
        _ => None,
    }
}

/// How many bytes a long text in Base64 stands for; none where it is another text. Sequences of capital letters
/// and hexadecimal digits are no Base64.
fn bytes_in(text: &str) -> Option<usize> {
    let has = |of: fn(&u8) -> bool| text.as_bytes().iter().take(LONGEST).any(of);
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    let bytes = BASE64_STANDARD.decode(Some(text).filter(|text| text.len() > LONGEST && mixed)?).ok()?;
    let is_text = std::str::from_utf8(&bytes).is_ok_and(|text| !text.contains('\0'));
    (!is_text).then_some(bytes.len())
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    use prompts::{Object, Value};

    use super::shown;

    #[test]
    fn only_bytes_are_cut() {
        let image: Vec<u8> = (0..=255).cycle().take(3_000).collect();
        let image = Value::from(BASE64_STANDARD.encode(image));
        let start = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd";
        let cut = Value::from(format!("{start}… (3000 bytes as Base64)"));
        assert_eq!(shown(&image), Some(cut.clone()));
        let row = |bytes: &Value| -> Value {
            let part =
                Object::from_iter([("bytes".to_owned(), bytes.clone()), ("path".to_owned(), "a".into())]);
            Value::Array(vec![Value::Null, Value::Object(part)])
        };
        assert_eq!(shown(&row(&image)), Some(row(&cut)));
        for text in [
            "A word and another. ".repeat(100),
            "GATTACA0".replace('0', "C").repeat(100),
            "0badc0de".repeat(100),
            BASE64_STANDARD.encode("Text that somebody wrote in Base64. ".repeat(40)),
            BASE64_STANDARD.encode([255; 60]),
            "é".repeat(400),
        ] {
            assert_eq!(shown(&text.clone().into()), None, "{text}");
        }
    }
}
