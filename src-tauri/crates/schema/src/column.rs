//! One column of a resource, and everything the program knows about it.

use serde::{Serialize, Serializer};

use super::ChoiceOption;
use crate::TableName;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, specta::Type)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Kind {
    /// The row's own identifier.
    Id,
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// A prompt template with `{placeholders}`.
    Template,
    /// A JSON text, or YAML where the resource says so.
    Code,
    /// The absolute path of a file.
    File,
    /// The absolute path of a folder.
    Folder,
    /// A whole number; both bounds are allowed values.
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
        /// Every text the studio knows.
        options: &'static [ChoiceOption],
    },
    /// The identifier of a row of another table.
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

/// One column: its name in the database, its words for people, and its rules.
#[derive(Debug, Clone, Copy, Serialize, specta::Type)]
pub struct Column {
    /// The name in the database, in JSON and in the wire contract.
    pub name: &'static str,
    /// What a person reads.
    pub label: &'static str,
    /// One or two sentences of help.
    #[serde(serialize_with = "squeeze_doc")]
    #[specta(type = String)]
    pub help: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// A row can't be made without it (where `when` applies).
    pub required: bool,
    /// The studio fills it where it is left empty, in rows of these types; none for never, an
    /// empty list for every type.
    pub filled: Option<&'static [&'static str]>,
    /// If not empty: the column is meant only for rows whose `type` is one of these.
    pub when: &'static [&'static str],
    /// What a new row gets when nothing is said.
    pub default: Option<&'static str>,
    /// The choices a form offers; all of them when empty.
    pub offered: &'static [&'static str],
    /// A column people scan a list by.
    pub listed: bool,
    /// A person fills it; otherwise the studio or another system does.
    pub in_form: bool,
    /// No two rows of the table may have the same value.
    pub unique: bool,
    /// It refers to what came of the row, not to what the row comes from.
    pub outcome: bool,
}

/// Doc comments come with one leading space a line.
pub(super) fn squeeze_doc<S: Serializer>(text: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

impl Column {
    /// A column as its type alone describes it. `name` may be a raw identifier.
    pub const fn new(name: &'static str, help: &'static str, label: &'static str, kind: Kind) -> Self {
        let name = match name.as_bytes() {
            [b'r', b'#', ..] => name.split_at(2).1,
            _ => name,
        };
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

    /// A row can't be made without it.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// Filled by the studio where it is left empty, in rows of these types or, if none is named,
    /// in all.
    pub const fn filled(mut self, types: &'static [&'static str]) -> Self {
        self.filled = Some(types);
        self
    }
    /// Meant only for rows of these types.
    pub const fn when(mut self, types: &'static [&'static str]) -> Self {
        self.when = types;
        self
    }
    /// What a new row gets when nothing is said, as text.
    pub const fn default(mut self, text: &'static str) -> Self {
        self.default = Some(text);
        self
    }
    /// The choices a form offers.
    pub const fn offers(mut self, values: &'static [&'static str]) -> Self {
        self.offered = values;
        self
    }
    /// A column people scan a list by.
    pub const fn listed(mut self) -> Self {
        self.listed = true;
        self
    }
    /// Filled by the studio or another system, so no form asks for it.
    pub const fn derived(mut self) -> Self {
        self.in_form = false;
        self
    }
    /// No two rows may have the same value.
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    /// Refers to what came of the row.
    pub const fn outcome(mut self) -> Self {
        self.outcome = true;
        self
    }
    /// A narrower kind than the Rust type says.
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

    /// Whether the column is meant for a row of this type.
    pub fn applies_to(&self, row_type: Option<&str>) -> bool {
        self.when.is_empty() || row_type.is_some_and(|t| self.when.contains(&t))
    }
}
