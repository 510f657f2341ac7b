//! What configurations say: their settings one by one, presets to start from, the dataset formats
//! of axolotl, and how two of them differ.
//!
//! A configuration is a text a person owns. Nothing here rewrites it: settings the studio does not
//! know are kept and said to be unchecked, and only what would stop a job is refused.

pub mod axolotl;
mod check;
mod compare;
mod config_type;
mod presets;
mod setting;
mod settings;
mod text;

pub use check::{MarkKind, SettingMark, check_settings};
pub use compare::{Change, SettingDifference, compare};
pub use config_type::ConfigType;
pub use presets::{Preset, built_in_presets};
pub use setting::{Setting, SettingGroup, SettingKind, TypedSettings};
pub use settings::{SETTINGS, settings_of};
pub use text::{TextProblem, parse_config};
