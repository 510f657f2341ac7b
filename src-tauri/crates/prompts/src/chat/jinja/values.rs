//! A row's values as those of the template engine.

use std::collections::BTreeSet;

use minijinja::Value as Jinja;

use crate::{
    chat::RenderError,
    value::{Number, Object, Value},
};

/// Converts values, and keeps what a rendering has to know of all of them.
#[derive(Debug, Default)]
pub(in crate::chat) struct Values {
    /// The bytes of all texts.
    pub(in crate::chat) bytes: usize,
    /// Characters of the supplementary private-use planes, which marks must not be.
    pub(in crate::chat) private: BTreeSet<char>,
    /// Numbers that the engine itself would write without an exponent, where Python has one. It does so where
    /// a template joins them to a text with `~`.
    pub(in crate::chat) without_exponent: Vec<String>,
}

/// Where the supplementary private-use planes begin.
const FIRST_PRIVATE: char = '\u{f0000}';

impl Values {
    /// A value as a template sees it.
    ///
    /// # Errors
    /// A whole number has more digits than the engine's numbers hold.
    pub(in crate::chat) fn value(&mut self, value: &Value) -> Result<Jinja, RenderError> {
        Ok(match value {
            Value::Null => Jinja::from(()),
            Value::Bool(value) => Jinja::from(*value),
            Value::Number(number) => self.number(number)?,
            Value::String(text) => self.text(text),
            Value::Array(values) => self.list(values)?,
            Value::Object(entries) => self.object(entries)?,
        })
    }

    /// A list as a template sees it.
    ///
    /// # Errors
    /// As for [`Self::value`].
    pub(in crate::chat) fn list(&mut self, values: &[Value]) -> Result<Jinja, RenderError> {
        Ok(Jinja::from(values.iter().map(|value| self.value(value)).collect::<Result<Vec<_>, _>>()?))
    }

    /// An object as a template sees it, with its keys in order.
    ///
    /// # Errors
    /// As for [`Self::value`].
    pub(in crate::chat) fn object(&mut self, entries: &Object) -> Result<Jinja, RenderError> {
        let pairs = entries.iter().map(|(key, entry)| Ok((self.text(key), self.value(entry)?)));
        Ok(Jinja::from_pairs(pairs.collect::<Result<Vec<_>, RenderError>>()?))
    }

    /// A text as a template sees it.
    pub(in crate::chat) fn text(&mut self, text: &str) -> Jinja {
        self.bytes += text.len();
        // The first byte of a character of these planes.
        if text.bytes().any(|byte| byte >= 0xf3) {
            self.private.extend(text.chars().filter(|c| *c >= FIRST_PRIVATE));
        }
        Jinja::from(text)
    }

    fn number(&mut self, number: &Number) -> Result<Jinja, RenderError> {
        if number.is_float() {
            let float = number.as_f64().unwrap_or_default();
            if float != 0.0 && !(1e-4..1e16).contains(&float.abs()) {
                self.without_exponent.push(Jinja::from(float).to_string());
            }
            return Ok(Jinja::from(float));
        }
        let digits = number.to_string();
        let whole =
            digits.parse::<i64>().map(Jinja::from).or_else(|_| digits.parse::<i128>().map(Jinja::from));
        let reason = || format!("{digits} has more digits than its numbers hold");
        whole.map_err(|_| RenderError::Unsupported(reason()))
    }
}
