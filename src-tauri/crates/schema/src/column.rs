//! The description of one column of a resource.

use serde::{Serialize, Serializer};

use crate::{ChoiceOption, TableName};

/// The kind of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Kind {
    /// The identifier of the row itself.
    Id,
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// A prompt template with `{placeholders}`.
    Template,
    /// A JSON text, or YAML if the resource's rules allow it.
    Code,
    /// The absolute path of a file.
    File,
    /// The absolute path of a folder.
    Folder,
    /// An integer; both bounds are allowed values.
    Integer {
        /// The smallest allowed value.
        min: Option<i32>,
        /// The largest allowed value.
        max: Option<i32>,
    },
    /// A 64-bit float.
    Number {
        /// Values must be greater than this.
        above: Option<f64>,
        /// The largest allowed value.
        max: Option<f64>,
    },
    /// One of fixed texts.
    Choice {
        /// The known texts. Rows of other programs may have others.
        options: &'static [ChoiceOption],
    },
    /// The identifier of a row of a table.
    Reference {
        /// The table referred to.
        table: TableName,
    },
}

/// SQLite's type affinity of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Affinity {
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Floating-point numbers.
    Real,
}

/// One column: its name in the database, its label and help, and its rules.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Column {
    /// The name in the database, in JSON and in the wire contract.
    pub name: &'static str,
    /// The label that users read.
    pub label: &'static str,
    /// One or two sentences of help.
    #[serde(serialize_with = "squeeze_doc")]
    #[cfg_attr(feature = "typescript", specta(type = String))]
    pub help: &'static str,
    /// The kind of its values.
    pub kind: Kind,
    /// A new row must have a value, if `when` includes its type.
    pub required: bool,
    /// The program fills an empty value in rows of these types. `None`: never; an empty list: in rows of
    /// every type.
    pub filled: Option<&'static [&'static str]>,
    /// The values of `type` for which the column has a meaning; empty for all.
    pub when: &'static [&'static str],
    /// The value that a new row gets if none is given, as text.
    pub default: Option<&'static str>,
    /// The choices a form offers; all of them when empty.
    pub offered: &'static [&'static str],
    /// Lists show it.
    pub listed: bool,
    /// Forms ask for it. Other columns are filled by the program or another system.
    pub in_form: bool,
    /// No two rows of the table may have the same value.
    pub unique: bool,
    /// It refers to a result of the row, not to something the row was made from.
    pub outcome: bool,
}

/// Joins the lines of a doc comment, each of which begins with a space.
pub(super) fn squeeze_doc<S: Serializer>(text: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The name of a field without the mark of a raw identifier, as in `r#type`.
pub const fn plain_name(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// The name of a column, by the field of the row or the request that has it: a column that is renamed
/// or removed is found by the compiler.
#[macro_export]
macro_rules! column {
    ($row:ty, $field:ident) => {{
        const _: fn(&$row) = |row| _ = &row.$field;
        const { $crate::plain_name(stringify!($field)) }
    }};
}

impl Column {
    /// A column with the defaults of its kind. `name` may be a raw identifier such as `r#type`.
    pub const fn new(name: &'static str, help: &'static str, label: &'static str, kind: Kind) -> Self {
        let name = plain_name(name);
        // The only column that is not nullable is the key, and it is always called `id`.
        let kind = if matches!(name.as_bytes(), b"id") { Kind::Id } else { kind };
        Self {
            name,
            label,
            help,
            kind,
            required: false,
            filled: None,
            when: &[],
            default: None,
            offered: &[],
            listed: false,
            in_form: !matches!(kind, Kind::Id),
            unique: false,
            outcome: false,
        }
    }

    /// A new row must have a value.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// The program fills an empty value, in rows of these types or, for an empty list, in all rows.
    pub const fn filled(mut self, types: &'static [&'static str]) -> Self {
        self.filled = Some(types);
        self
    }
    /// It has a meaning only in rows of these types.
    pub const fn when(mut self, types: &'static [&'static str]) -> Self {
        self.when = types;
        self
    }
    /// The value that a new row gets if none is given, as text.
    pub const fn default(mut self, text: &'static str) -> Self {
        self.default = Some(text);
        self
    }
    /// Limits the choices that forms offer.
    pub const fn offers(mut self, values: &'static [&'static str]) -> Self {
        self.offered = values;
        self
    }
    /// Lists show it.
    pub const fn listed(mut self) -> Self {
        self.listed = true;
        self
    }
    /// It is filled by the program or another system, so no form asks for it.
    pub const fn derived(mut self) -> Self {
        self.in_form = false;
        self
    }
    /// No two rows may have the same value.
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    /// It refers to a result of the row.
    pub const fn outcome(mut self) -> Self {
        self.outcome = true;
        self
    }
    /// A narrower kind than that of the Rust type.
    pub const fn is(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }
    /// A whole number of at least `min`, within the wire contract's 32 bits.
    pub const fn at_least(self, min: i32) -> Self {
        self.is(Kind::Integer { min: Some(min), max: Some(i32::MAX) })
    }
    /// A number greater than zero and, where given, not above `max`.
    pub const fn positive(self, max: Option<f64>) -> Self {
        self.is(Kind::Number { above: Some(0.0), max })
    }

    /// The affinity the column has in the database.
    pub fn affinity(&self) -> Affinity {
        match self.kind {
            Kind::Integer { .. } => Affinity::Integer,
            Kind::Number { .. } => Affinity::Real,
            _ => Affinity::Text,
        }
    }

    /// Whether the column has a meaning in a row of this type.
    pub fn applies_to(&self, row_type: Option<&str>) -> bool {
        self.when.is_empty() || row_type.is_some_and(|t| self.when.contains(&t))
    }
}

#[cfg(test)]
mod tests {
    struct Row {
        r#type: u8,
        model_id: u8,
    }

    #[test]
    fn a_column_has_the_name_of_its_field() {
        assert_eq!(crate::column!(Row, model_id), "model_id");
        const TYPE: &str = crate::column!(Row, r#type);
        assert_eq!(TYPE, "type");
        let _ = Row { r#type: 0, model_id: 0 };
    }
}
