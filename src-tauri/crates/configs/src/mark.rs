//! Remarks about the settings of a config.

use serde::Serialize;

/// How serious a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// A job would fail with it; a config with it is refused.
    Wrong,
    /// It is accepted; the message says what the effect is.
    Note,
    /// The library has no setting of this name: it is kept, and a run with it would stop.
    Unknown,
    /// The library has the setting, but it is not described here: it is kept and not checked.
    Unchecked,
}

/// A remark about one setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SettingMark {
    /// The key in the text.
    pub setting: String,
    /// How serious it is.
    pub kind: MarkKind,
    /// One sentence that names the setting.
    pub message: String,
}

impl SettingMark {
    /// A mark for a value with which a job would fail.
    pub(crate) fn wrong(setting: &str, message: impl Into<String>) -> Self {
        Self { setting: setting.to_owned(), kind: MarkKind::Wrong, message: message.into() }
    }

    /// A mark for an accepted value.
    pub(crate) fn note(setting: &str, message: impl Into<String>) -> Self {
        Self { setting: setting.to_owned(), kind: MarkKind::Note, message: message.into() }
    }
}
