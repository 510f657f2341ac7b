//! How a setting is described: once, for the form, the check and the comparison.

use serde::Serialize;

use crate::{ConfigType, SettingMark, given::Given};

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, specta::Type)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SettingKind {
    /// Yes or no.
    Switch,
    /// A whole number, written without a point.
    Integer {
        /// The smallest allowed value.
        min: i32,
    },
    /// A number.
    Number {
        /// Values must be greater than this.
        above: Option<f64>,
        /// The smallest allowed value.
        min: Option<f64>,
        /// The largest allowed value.
        max: Option<f64>,
    },
    /// A whole number of steps, or below 1 a share of all steps.
    Steps,
    /// One of fixed texts.
    Choice {
        /// Every text the library knows, or of an open choice the usual ones.
        options: &'static [&'static str],
        /// Other texts are taken too.
        open: bool,
    },
    /// A text.
    Text,
    /// Several texts. A plain text is taken too, but may mean something else than a list of one.
    List {
        /// The texts that are written plainly, such as `all-linear`.
        alone: &'static [&'static str],
    },
}

impl SettingKind {
    /// A number of at least zero.
    pub(super) const NOT_NEGATIVE: Self = Self::Number { above: None, min: Some(0.0), max: None };
    /// A number greater than zero.
    pub(super) const POSITIVE: Self = Self::Number { above: Some(0.0), min: None, max: None };
    /// A share, zero and one included.
    pub(super) const SHARE: Self = Self::Number { above: None, min: Some(0.0), max: Some(1.0) };

    /// Texts, none of which stands for itself.
    pub(super) const TEXTS: Self = Self::List { alone: &[] };

    /// One of these texts.
    pub(super) const fn one_of(options: &'static [&'static str]) -> Self {
        Self::Choice { options, open: false }
    }
}

/// One setting: its name in the text, its words for people, and its rules.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, specta::Type)]
pub struct Setting {
    /// The key in the text, as the library spells it.
    pub name: &'static str,
    /// What a person reads.
    pub label: &'static str,
    /// One or two sentences of help.
    pub help: &'static str,
    /// What it holds.
    pub kind: SettingKind,
    /// What holds when the text does not say, as JSON: the library's own default.
    pub left_out: &'static str,
    /// `null` may be written, for "not set".
    pub nullable: bool,
    /// Few people change it.
    pub advanced: bool,
}

impl Setting {
    /// A setting that people change.
    pub(super) const fn new(
        name: &'static str,
        label: &'static str,
        help: &'static str,
        kind: SettingKind,
        left_out: &'static str,
    ) -> Self {
        let nullable = matches!(left_out.as_bytes(), b"null");
        Self { name, label, help, kind, left_out, nullable, advanced: false }
    }

    /// Few people change it.
    pub(super) const fn advanced(mut self) -> Self {
        self.advanced = true;
        self
    }

    /// `null` may be written although the library has a default of its own.
    pub(super) const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }
}

/// Settings that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, specta::Type)]
pub struct SettingGroup {
    /// The heading.
    pub title: &'static str,
    /// In the order a form shows them.
    pub settings: &'static [Setting],
}

/// All the studio knows about the settings of one type of configuration.
#[derive(Debug, Clone, Copy, Serialize, specta::Type)]
pub struct TypedSettings {
    /// The type.
    pub r#type: ConfigType,
    /// Whose settings they are.
    pub library: &'static str,
    /// What a new configuration starts with, as JSON. What a job without a configuration of this
    /// type uses is in [`crate::defaults`].
    pub default: &'static str,
    /// The settings.
    pub groups: &'static [SettingGroup],
    /// What settings mean together, as the library's constructor sees it.
    #[serde(skip)]
    #[specta(skip)]
    pub(super) together: fn(&Given<'_>, &mut Vec<SettingMark>),
}

impl TypedSettings {
    /// The setting of that name.
    pub fn setting(&self, name: &str) -> Option<&'static Setting> {
        self.groups.iter().flat_map(|group| group.settings).find(|setting| setting.name == name)
    }
}
