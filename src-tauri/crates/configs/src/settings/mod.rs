//! The settings of the four typed configurations, as transformers 5, peft and trl name them.

mod bitsandbytes;
mod generation;
mod lora;
mod training_arguments;

use super::TypedSettings;
use crate::ConfigType;

/// The types whose settings the studio knows one by one.
pub static SETTINGS: &[&TypedSettings] = &[
    &training_arguments::TRAINING_ARGUMENTS,
    &bitsandbytes::BITSANDBYTES,
    &lora::LORA,
    &generation::GENERATION,
];

/// The settings of that type, if the studio knows them.
pub fn settings_of(kind: ConfigType) -> Option<&'static TypedSettings> {
    SETTINGS.iter().copied().find(|settings| settings.r#type == kind)
}
