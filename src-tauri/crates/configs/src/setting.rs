//! The description of a setting, for forms, checks and comparisons.

use serde::Serialize;

use crate::{ConfigType, SettingMark, given::Given};

/// The kind of a setting's value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SettingKind {
    /// `true` or `false`.
    Switch,
    /// `true`, `false` or one of these texts, which are a third way.
    SwitchOr {
        /// The texts.
        texts: &'static [&'static str],
        /// Other texts are accepted too.
        open: bool,
    },
    /// An integer, written without a decimal point.
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
    /// An integer number of steps, or below 1 a share of all steps.
    Steps,
    /// One of fixed texts.
    Choice {
        /// Every text that the library accepts; for an open choice, the usual ones.
        options: &'static [&'static str],
        /// Other texts are accepted too.
        open: bool,
    },
    /// One of fixed texts, each with help of its own.
    Explained {
        /// Every text that the library accepts.
        options: &'static [ExplainedOption],
        /// A list of them is accepted too.
        several: bool,
    },
    /// A text.
    Text,
    /// Whole numbers of at least 1 by the names of modules.
    NumberOfEach,
    /// Several texts. A plain text is accepted too, but may differ in meaning from a list of one.
    List {
        /// Texts with a meaning of their own when written without a list, such as `all-linear`.
        alone: &'static [&'static str],
    },
}

impl SettingKind {
    /// A number of at least zero.
    pub(crate) const NOT_NEGATIVE: Self = Self::Number { above: None, min: Some(0.0), max: None };
    /// A number greater than zero.
    pub(crate) const POSITIVE: Self = Self::Number { above: Some(0.0), min: None, max: None };
    /// A share from 0 to 1, both included.
    pub(crate) const SHARE: Self = Self::Number { above: None, min: Some(0.0), max: Some(1.0) };

    /// A list without texts that have a meaning of their own.
    pub(crate) const TEXTS: Self = Self::List { alone: &[] };

    /// One of these texts.
    pub(crate) const fn one_of(options: &'static [&'static str]) -> Self {
        Self::Choice { options, open: false }
    }
}

/// A text that a setting may have.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ExplainedOption {
    /// The text, as the library spells it.
    pub value: &'static str,
    /// At least two sentences: what it does and when one would choose it, and what it costs.
    pub help: &'static str,
}

/// One setting: its key, its label and help, and its rules.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Setting {
    /// The key in the text, as the library spells it.
    pub name: &'static str,
    /// The label that users read.
    pub label: &'static str,
    /// One or two sentences of help.
    pub help: &'static str,
    /// The kind of its value.
    pub kind: SettingKind,
    /// The library's default as JSON, which applies if the config does not set it.
    pub left_out: &'static str,
    /// `null` is accepted and means "not set".
    pub nullable: bool,
    /// Few users change it.
    pub advanced: bool,
}

impl Setting {
    /// A setting that many users change.
    pub(crate) const fn new(
        name: &'static str,
        label: &'static str,
        help: &'static str,
        kind: SettingKind,
        left_out: &'static str,
    ) -> Self {
        let nullable = matches!(left_out.as_bytes(), b"null");
        Self { name, label, help, kind, left_out, nullable, advanced: false }
    }

    /// Few users change it.
    pub(crate) const fn advanced(mut self) -> Self {
        self.advanced = true;
        self
    }

    /// `null` is accepted although the library's default is another value.
    pub(crate) const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }
}

/// Settings that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SettingGroup {
    /// The heading.
    pub title: &'static str,
    /// The method of training that alone has them, as a job names it. Another group may have a setting
    /// of the same name, for another method.
    pub method: Option<&'static str>,
    /// In the order a form shows them.
    pub settings: &'static [Setting],
}

impl SettingGroup {
    /// Settings that do not depend on a method of training.
    pub(crate) const fn new(title: &'static str, settings: &'static [Setting]) -> Self {
        Self { title, method: None, settings }
    }
}

/// The settings of one type of config.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TypedSettings {
    /// The type.
    pub r#type: ConfigType,
    /// The library, or the libraries, that define them.
    pub library: &'static str,
    /// The settings of a new config, as JSON. What a job without a config of this type runs with is in
    /// [`crate::defaults`].
    pub default: &'static str,
    /// The settings.
    pub groups: &'static [SettingGroup],
    /// Checks settings that depend on each other, as the library's constructor does.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    pub(crate) together: fn(&Given<'_>, &mut Vec<SettingMark>),
}

impl TypedSettings {
    /// The settings with this name: several where methods of training have it each in its own way.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &'static Setting> {
        self.groups.iter().flat_map(|group| group.settings).filter(move |setting| setting.name == name)
    }
}
