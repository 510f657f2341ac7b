//! Configs: their settings and checks, presets, the comparison of two configs, and the dataset formats
//! of axolotl.
//!
//! A config is a text that its user owns. Nothing here rewrites it: unknown settings are kept and marked
//! as unchecked, and only settings with which a job would fail are refused.
//!
//! May use: `schema`.

pub mod axolotl;
mod check;
mod compare;
mod config_type;
pub mod defaults;
mod given;
mod mark;
mod names;
mod presets;
mod setting;
mod settings;
mod text;

pub use check::{CheckedConfig, check_config, check_method, check_settings};
pub use compare::{Change, SettingDifference, compare};
pub use config_type::ConfigType;
pub use mark::{MarkKind, SettingMark};
pub use names::{current_names, other_methods};
pub use presets::{Preset, built_in_presets};
pub use setting::{ExplainedOption, Setting, SettingGroup, SettingKind, TypedSettings};
pub use settings::{SETTINGS, settings_of};
pub use text::{TextProblem, parse_config, parse_json};
